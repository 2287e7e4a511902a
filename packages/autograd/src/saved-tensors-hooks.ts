import type { Tensor } from "@kindling/tensor";
import { packWith } from "./saved-tensor.js";

/**
 * Runs `body`; each tensor that it saves for backward is given to `pack`, what that returns is kept in the tensor's
 * place, and `unpack` turns it into the tensor again when backward needs it. So saved tensors can be compressed, or
 * moved away. Inside another call of `savedTensorsHooks` only the innermost hooks apply.
 *
 * **Shapes** `unpack` must give a tensor of the shape and dtype that `pack` was given. Neither is recorded in the
 * graph of `body`; gradients flow as if the tensors had been kept. Writing into a saved tensor is not noticed.
 * @throws UsageError if `pack` writes into its argument, or `unpack` gives another shape or dtype.
 * @example
 * const x = tensor([0.5, 1.25], { requiresGrad: true });
 * const loss = savedTensorsHooks(
 *   (saved) => saved.mul(256).round().to("int16"),
 *   (packed) => packed.to("float32").div(256),
 *   () => x.square().sum(),
 * );
 * grad(loss, x); // → [[1, 2.5]]
 * @source `torch.autograd.graph.saved_tensors_hooks`, whose `with` block is the third argument here. There is no
 *   `saveOnCpu`: there is one device.
 */
export function savedTensorsHooks<Packed, T>(
  pack: (tensor: Tensor) => Packed,
  unpack: (packed: Packed) => Tensor,
  body: () => T,
): T {
  return packWith(
    {
      pack(tensor) {
        // User code sees the memory from here on, so that nobody can prove it dead: this hold is never taken back.
        tensor.storage.hold();
        return pack(tensor);
      },
      unpack: (packed) => unpack(packed as Packed),
      release() {},
    },
    body,
  );
}
