import { allocate } from "../allocate.js";
import { isFloatingPoint } from "../dtype.js";
import { DTypeError, ShapeError } from "../errors.js";
import { code, kernels } from "../launch.js";
import { isRecording, recordAll } from "../recorder.js";
import { formatShape, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { dense } from "./reduce.js";

/** Throws unless both shares of the gates have so many rows of weights per unit of the state, and all one dtype. */
function checkStep(op: string, perUnit: number, shares: readonly Tensor[], state: Tensor): void {
  const [rows, size = 0] = state.shape;
  for (const gates of shares) {
    if (state.ndim !== 2 || !sameShape(gates.shape, [rows as number, perUnit * size])) {
      throw new ShapeError(
        `${op}: expected gates [N, ${perUnit} · H] for a state [N, H], got ${formatShape(gates.shape)} for ${formatShape(state.shape)}`,
      );
    }
    if (gates.dtype !== state.dtype || !isFloatingPoint(state.dtype)) {
      throw new DTypeError(
        `${op}: expected all tensors of one floating point dtype, got ${gates.dtype} and ${state.dtype}; convert one with .to()`,
      );
    }
  }
}

/** The input's and the state's shares of the gates, and the state. */
type StepInputs = [Tensor, Tensor, Tensor];

/**
 * One step of an LSTM from the input's and the state's shares of its gates, each `i, f, g, o`:
 * `c' = σ(f) · c + σ(i) · tanh(g)`, `h' = σ(o) · tanh(c')`. Gives `[h', c']`.
 *
 * **Shapes** gates: [N, 4 · H], in the order i, f, g, o; c, results: [N, H].
 * @throws ShapeError if the sizes do not fit; DTypeError if the dtypes differ or are not floating point.
 * @example
 * const [h, c] = lstmStep(zeros(1, 8), zeros(1, 8), ones(1, 2));
 * c; // → [[0.5, 0.5]]
 * h; // → [[0.2311, 0.2311]]
 */
export function lstmStep(inputGates: Tensor, hiddenGates: Tensor, c: Tensor): [Tensor, Tensor] {
  checkStep("lstmStep", 4, [inputGates, hiddenGates], c);
  const { dtype } = c;
  const inputs: StepInputs = [inputGates, hiddenGates, c];
  const [h, next] = [allocate(c.shape, dtype), allocate(c.shape, dtype)];
  // Only the gradient reads the gates.
  const gates = isRecording(inputs) ? allocate(inputGates.shape, dtype) : null;
  if (c.numel() > 0) {
    const [a, b, before] = inputs.map(dense) as StepInputs;
    const [rows, size] = c.shape as [number, number];
    const own = gates === null ? 0 : gates.address;
    kernels.lstmStep(code(dtype), rows, size, a.address, b.address, before.address, own, h.address, next.address);
  }
  if (gates !== null) recordAll("lstmStep", inputs, [h, next, gates], undefined);
  return [h, next];
}

/**
 * One step of a GRU from the input's and the state's shares of its gates, each `r, z, n`:
 * `r, z = σ(i + h)`, `n' = tanh(i_n + r · h_n)`, `h' = (1 − z) · n' + z · h`.
 *
 * **Shapes** gates: [N, 3 · H], in the order r, z, n; h, result: [N, H].
 * @throws ShapeError if the sizes do not fit; DTypeError if the dtypes differ or are not floating point.
 * @example gruStep(zeros(1, 6), zeros(1, 6), ones(1, 2)); // → [[0.5, 0.5]]
 */
export function gruStep(inputGates: Tensor, hiddenGates: Tensor, h: Tensor): Tensor {
  checkStep("gruStep", 3, [inputGates, hiddenGates], h);
  const { dtype } = h;
  const inputs: StepInputs = [inputGates, hiddenGates, h];
  const next = allocate(h.shape, dtype);
  const gates = isRecording(inputs) ? allocate(inputGates.shape, dtype) : null;
  if (h.numel() > 0) {
    const [a, b, before] = inputs.map(dense) as StepInputs;
    const [rows, size] = h.shape as [number, number];
    const own = gates === null ? 0 : gates.address;
    kernels.gruStep(code(dtype), rows, size, a.address, b.address, before.address, own, next.address);
  }
  if (gates !== null) recordAll("gruStep", inputs, [next, gates], undefined);
  return next;
}
