import type { binaryOps } from "@kindling/kernels";
import { allocate, filled } from "../allocate.js";
import { itemSize } from "../dtype.js";
import { code, kernels } from "../launch.js";
import { withScratch } from "../scratch.js";
import { broadcastShapes, numberOfElements, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { runBinary } from "./elementwise.js";
import { dense, splitAround } from "./reduce.js";

// Gradients in one kernel call, for the derivatives. They are not recorded: where second derivatives are
// wanted, the derivatives are written with operations instead.

/**
 * Gradient of an activation from its output or, as the kernel's table says, its input, or slope of a loss.
 *
 * @internal
 */
export function activationGradient(
  op: Extract<(typeof binaryOps)[number], `${string}${"Grad" | "Slope"}`>,
  gradient: Tensor,
  value: Tensor,
  p0 = 0,
  p1 = 0,
): Tensor {
  const shape = sameShape(gradient.shape, value.shape) ? value.shape : broadcastShapes(op, gradient.shape, value.shape);
  return runBinary(op, gradient, value, allocate(shape, value.dtype), p0, p1);
}

/**
 * Gradient of softmax, or of log-softmax, from its output.
 *
 * @internal
 */
export function softmaxGradient(log: boolean, gradient: Tensor, output: Tensor, dim: number): Tensor {
  const out = allocate(output.shape, output.dtype);
  if (numberOfElements(output.shape) > 0) {
    const g = dense(gradient);
    const y = dense(output);
    const { outer, n, inner } = splitAround(output.shape, dim);
    kernels.softmaxBackward(log ? 1 : 0, code(output.dtype), outer, n, inner, g.address, y.address, out.address);
  }
  return out;
}

/**
 * Gradient of the negative log likelihood with respect to the log probabilities of this shape.
 *
 * @internal
 */
export function nllLossGradient(gradient: Tensor, target: Tensor, weights: Tensor, shape: readonly number[]): Tensor {
  if (numberOfElements(gradient.shape) === 0) return filled(shape, gradient.dtype, 0);
  const out = allocate(shape, gradient.dtype);
  const g = dense(gradient);
  const t = dense(target);
  const { outer, n, inner } = splitAround(shape, 1);
  kernels.nllLossBackward(code(g.dtype), outer, n, inner, g.address, t.address, weights.address, out.address);
  return out;
}

/**
 * Gradient of the connectionist temporal classification, as that of the logits below the log probabilities.
 *
 * @internal
 */
export function ctcLossGradient(
  gradient: Tensor,
  [x, labels, lengths]: readonly [x: Tensor, labels: Tensor, lengths: Tensor],
  [losses, alpha]: readonly [losses: Tensor, alpha: Tensor],
  { blank, zeroInfinity }: { readonly blank: number; readonly zeroInfinity: boolean },
): Tensor {
  const [time, batch, classes] = x.shape as [number, number, number];
  const columns = alpha.shape[2] as number;
  const out = allocate(x.shape, x.dtype);
  if (batch === 0) return out;
  const g = dense(gradient);
  const source = dense(x);
  withScratch(4 * batch * columns * itemSize(x.dtype), (scratch) =>
    kernels.ctcLossBackward(
      code(x.dtype),
      time,
      batch,
      classes,
      columns,
      g.address,
      source.address,
      labels.address,
      labels.shape[1] as number,
      lengths.address,
      blank,
      alpha.address,
      losses.address,
      zeroInfinity ? 1 : 0,
      out.address,
      scratch,
    ),
  );
  return out;
}

/** Which gradients are wanted. */
export interface NormalizationNeeds {
  readonly input: boolean;
  readonly weight: boolean;
  readonly bias: boolean;
}

interface NormalizationGradients {
  readonly input: Tensor | null;
  readonly weight: Tensor | null;
  readonly bias: Tensor | null;
}

const addressOf = (tensor: Tensor | null): number => (tensor === null ? 0 : tensor.address);

/**
 * Gradients of batch norm.
 *
 * @internal
 */
export function batchNormGradient(
  training: boolean,
  gradient: Tensor,
  input: Tensor,
  mean: Tensor,
  invStd: Tensor,
  weight: Tensor | null,
  needs: NormalizationNeeds,
): NormalizationGradients {
  const { outer, n: channels, inner } = splitAround(input.shape, 1);
  const isEmpty = numberOfElements(input.shape) === 0;
  const make = (wanted: boolean, shape: readonly number[]): Tensor | null => {
    if (!wanted) return null;
    return isEmpty ? filled(shape, input.dtype, 0) : allocate(shape, input.dtype);
  };
  const gradInput = make(needs.input, input.shape);
  const gradWeight = make(needs.weight, [channels]);
  const gradBias = make(needs.bias, [channels]);
  if (!isEmpty) {
    const g = dense(gradient);
    const x = dense(input);
    const scale = weight === null ? null : dense(weight);
    kernels.batchNormBackward(
      code(x.dtype),
      training ? 1 : 0,
      outer,
      channels,
      inner,
      g.address,
      x.address,
      mean.address,
      invStd.address,
      addressOf(scale),
      addressOf(gradInput),
      addressOf(gradWeight),
      addressOf(gradBias),
    );
  }
  return { input: gradInput, weight: gradWeight, bias: gradBias };
}

const layerNormScratchRows = 32;

/**
 * Gradients of layer norm over the last `normalizedDims` dimensions.
 *
 * @internal
 */
export function layerNormGradient(
  gradient: Tensor,
  input: Tensor,
  mean: Tensor,
  invStd: Tensor,
  weight: Tensor | null,
  normalizedDims: number,
  needs: NormalizationNeeds,
): NormalizationGradients {
  const normalized = input.shape.slice(input.ndim - normalizedDims);
  const n = numberOfElements(normalized);
  const rows = numberOfElements(input.shape.slice(0, input.ndim - normalizedDims));
  const isEmpty = n * rows === 0;
  const make = (wanted: boolean, shape: readonly number[]): Tensor | null =>
    wanted ? (isEmpty ? filled(shape, input.dtype, 0) : allocate(shape, input.dtype)) : null;
  // The kernel always writes the gradient of its input.
  const gradInput = make(true, input.shape);
  const gradWeight = make(needs.weight, normalized);
  const gradBias = make(needs.bias, normalized);
  if (!isEmpty) {
    const g = dense(gradient);
    const x = dense(input);
    const scale = weight === null ? null : dense(weight);
    withScratch(layerNormScratchRows * n * itemSize(x.dtype), (scratch) => {
      kernels.layerNormBackward(
        code(x.dtype),
        rows,
        n,
        g.address,
        x.address,
        mean.address,
        invStd.address,
        addressOf(scale),
        addressOf(gradInput),
        addressOf(gradWeight),
        addressOf(gradBias),
        scratch,
      );
    });
  }
  return { input: needs.input ? gradInput : null, weight: gradWeight, bias: gradBias };
}

/**
 * Gradients of a step of an LSTM, of its gates before their functions and of c, from those of h and of the new c, of
 * which one may be missing.
 *
 * @internal
 */
export function lstmStepGradient(
  gradH: Tensor | null,
  gradNext: Tensor | null,
  gates: Tensor,
  cell: Tensor,
  next: Tensor,
): { gates: Tensor; cell: Tensor } {
  const [rows, size] = cell.shape as [number, number];
  const result = { gates: allocate(gates.shape, gates.dtype), cell: allocate(cell.shape, cell.dtype) };
  if (rows * size > 0) {
    const gh = gradH === null ? null : dense(gradH);
    const gc = gradNext === null ? null : dense(gradNext);
    const before = dense(cell);
    kernels.lstmStepBackward(
      code(gates.dtype),
      rows,
      size,
      addressOf(gh),
      addressOf(gc),
      gates.address,
      before.address,
      next.address,
      result.gates.address,
      result.cell.address,
    );
  }
  return result;
}

/**
 * Gradients of a step of a GRU, of the input's and the state's shares of its gates and of the state.
 *
 * @internal
 */
export function gruStepGradient(
  gradient: Tensor,
  gates: Tensor,
  hiddenGates: Tensor,
  h: Tensor,
): { inputGates: Tensor; hiddenGates: Tensor; state: Tensor } {
  const [rows, size] = h.shape as [number, number];
  const like = (x: Tensor): Tensor => allocate(x.shape, x.dtype);
  const result = { inputGates: like(gates), hiddenGates: like(gates), state: like(h) };
  if (rows * size > 0) {
    const [g, hidden, before] = [gradient, hiddenGates, h].map(dense) as [Tensor, Tensor, Tensor];
    kernels.gruStepBackward(
      code(h.dtype),
      rows,
      size,
      g.address,
      gates.address,
      hidden.address,
      before.address,
      result.inputGates.address,
      result.hiddenGates.address,
      result.state.address,
    );
  }
  return result;
}
