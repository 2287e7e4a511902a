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
 * const loss = savedTensorsHooks(
 *   (saved) => ({ dtype: saved.dtype, rounded: saved.mul(256).round().to("int16") }),
 *   ({ dtype, rounded }) => rounded.to(dtype).div(256),
 *   () => x.sin().mul(y).sum(),
 * );
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
