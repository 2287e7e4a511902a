import { ShapeError, UsageError } from "../errors.js";
import type { Tensor } from "../tensor.js";
import { applyBinary } from "./elementwise.js";
import { checkSameShape, type ReductionOptions, reduceLoss } from "./loss-reduction.js";

/** Options of the binary cross entropies. */
export interface WeightedOptions extends ReductionOptions {
  /** Factor of each element; broadcasts. */
  weight?: Tensor | null;
}

/** Options of {@link binaryCrossEntropyWithLogits}. */
export interface LogitsOptions extends WeightedOptions {
  /** Factor of the positive part of each class; broadcasts. */
  posWeight?: Tensor | null;
}

function checkProbabilities(op: string, x: Tensor): void {
  if (x.numel() === 0 || !(x.amin().item() < 0 || x.amax().item() > 1)) return;
  throw new UsageError(`${op}: expected probabilities from 0 to 1; apply sigmoid, or use binaryCrossEntropyWithLogits`);
}

/**
 * Cross entropy of probabilities: `−(t · ln x + (1 − t) · ln(1 − x))`, logarithms not below −100.
 * For logits use {@link binaryCrossEntropyWithLogits}: it is more accurate.
 *
 * **Shapes** x: any; target: the same; result: a scalar, or with `reduction: "none"` the same.
 * Options: `weight` (broadcasts), `reduction` ("mean").
 * @throws UsageError for a probability outside 0 … 1; ShapeError for a target of another shape.
 * @example binaryCrossEntropy(tensor([0.5, 0.9]), tensor([0, 1], { dtype: "float32" })); // → 0.3993
 */
export function binaryCrossEntropy(x: Tensor, target: Tensor, options: WeightedOptions = {}): Tensor {
  const op = "binaryCrossEntropy";
  checkSameShape(op, x, target);
  checkProbabilities(op, x.detach());
  const losses = applyBinary(op, "float", x, target, undefined);
  const { weight = null, reduction } = options;
  return reduceLoss(op, weight === null ? losses : losses.mul(weight), reduction);
}

/**
 * Cross entropy of logits: `binaryCrossEntropy(sigmoid(x), t)`, without the rounding of the sigmoid.
 *
 * **Shapes** x: any; target: the same; result: a scalar, or with `reduction: "none"` the same.
 * Options: `weight` and `posWeight` (both broadcast), `reduction` ("mean").
 * @throws ShapeError for a target of another shape.
 * @example binaryCrossEntropyWithLogits(tensor([0.5, -2]), tensor([1, 0], { dtype: "float32" })); // → 0.3005
 */
export function binaryCrossEntropyWithLogits(x: Tensor, target: Tensor, options: LogitsOptions = {}): Tensor {
  const op = "binaryCrossEntropyWithLogits";
  checkSameShape(op, x, target);
  const { weight = null, posWeight = null, reduction } = options;
  const logProbability = x.logSigmoid();
  const factor = posWeight === null ? null : posWeight.sub(1).mul(target).add(1);
  const scaled = factor === null ? logProbability : logProbability.mul(factor);
  const losses = target.rsub(1).mul(x).sub(scaled);
  return reduceLoss(op, weight === null ? losses : losses.mul(weight), reduction);
}

/**
 * Binary cross entropy of logits for several labels a sample, averaged over the classes:
 * `−(t · ln σ(x) + (1 − t) · ln σ(−x))`, the mean over the last dimension.
 *
 * **Shapes** x and target broadcast, usually [N, C] or [C]; result: a scalar, or with `reduction: "none"` without the last
 * dimension. Options: `weight` [C] (broadcasts), `reduction` ("mean").
 * @throws ShapeError for a scalar, or shapes that do not broadcast.
 * @example multilabelSoftMarginLoss(tensor([[2, -1]], { dtype: "float32" }), tensor([[1, 0]])); // → 0.2201
 */
export function multilabelSoftMarginLoss(x: Tensor, target: Tensor, options: WeightedOptions = {}): Tensor {
  const op = "multilabelSoftMarginLoss";
  const { weight = null, reduction } = options;
  if (x.ndim === 0) throw new ShapeError(`${op}: expected an input [N, C] or [C], got a scalar`);
  const losses = target.mul(x.logSigmoid()).add(target.rsub(1).mul(x.neg().logSigmoid())).neg();
  return reduceLoss(op, (weight === null ? losses : losses.mul(weight)).mean(-1), reduction);
}
