import { isFloatingPoint } from "../dtype.js";
import { DTypeError, ShapeError, UsageError } from "../errors.js";
import { formatShape, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { zeros } from "./creation.js";
import { checkSameShape, type ReductionOptions, reduceLoss } from "./loss-reduction.js";
import { positionsOf } from "./positions.js";
import { where } from "./where.js";

/** Options of the losses with a margin. */
export interface MarginOptions extends ReductionOptions {
  /** How far apart is far enough. */
  margin?: number;
}

/**
 * Loss of a distance x that should be small where the target is 1 and large where it is −1: x, or `max(0, margin − x)`.
 *
 * **Shapes** x and target broadcast; result: a scalar, or with `reduction: "none"` their common shape.
 * Options: `margin` (1), `reduction` ("mean").
 * @example hingeEmbeddingLoss(tensor([0.25, 0.25]), tensor([1, -1]), { reduction: "none" }); // → [0.25, 0.75]
 */
export function hingeEmbeddingLoss(x: Tensor, target: Tensor, options: MarginOptions = {}): Tensor {
  const { margin = 1, reduction } = options;
  const far = where(target.ne(1), x.rsub(margin).clampMin(0), 0);
  const near = where(target.ne(-1), x, 0);
  return reduceLoss("hingeEmbeddingLoss", far.add(near), reduction);
}

/**
 * Logistic loss of targets 1 and −1: `ln(1 + exp(−t · x))`, without overflow.
 *
 * **Shapes** x and target broadcast; result: a scalar, or with `reduction: "none"` their common shape.
 * Options: `reduction` ("mean").
 * @example softMarginLoss(tensor([0.5, -1]), tensor([1, -1])); // → 0.3937
 */
export function softMarginLoss(x: Tensor, target: Tensor, options: ReductionOptions = {}): Tensor {
  return reduceLoss("softMarginLoss", target.mul(x).logSigmoid().neg(), options.reduction);
}

/**
 * Loss of a wrong order: `max(0, −t · (x − other) + margin)`; t is 1 where x should rank higher, −1 where `other` should.
 *
 * **Shapes** x, other and target have as many dimensions and broadcast; result: a scalar, or with `reduction: "none"` their
 * common shape. Options: `margin` (0), `reduction` ("mean").
 * @throws ShapeError for shapes that do not fit.
 * @example marginRankingLoss(tensor([0.5, 2]), tensor([1.5, 1]), tensor([1, 1]), { reduction: "none" }); // → [1, 0]
 */
export function marginRankingLoss(x: Tensor, other: Tensor, target: Tensor, options: MarginOptions = {}): Tensor {
  const op = "marginRankingLoss";
  const { margin = 0, reduction } = options;
  if (x.ndim !== other.ndim || x.ndim !== target.ndim) {
    const shapes = [x, other, target].map(({ shape }) => formatShape(shape)).join(", ");
    throw new ShapeError(`${op}: expected inputs and target of as many dimensions, got ${shapes}`);
  }
  return reduceLoss(op, target.mul(other.sub(x)).add(margin).clampMin(0), reduction);
}

/** Options of {@link multiMarginLoss}. */
export interface MultiMarginOptions extends MarginOptions {
  /** Exponent of the violations, 1 or 2. Default 1. */
  p?: number;
  /** Factor of each class [C]. */
  weight?: Tensor | null;
}

/** x as [N, C]; throws unless it is that or [C]. */
function rowsOf(op: string, x: Tensor): Tensor {
  const classes = x.shape.at(-1) ?? 0;
  if (x.ndim < 1 || x.ndim > 2 || classes === 0) {
    throw new ShapeError(`${op}: expected an input [N, C] or [C] with at least one class, got ${formatShape(x.shape)}`);
  }
  if (!isFloatingPoint(x.dtype)) throw new DTypeError(`${op}: expected a floating point input, got ${x.dtype}`);
  return x.ndim === 1 ? x.unsqueeze(0) : x;
}

/**
 * Multi-class hinge loss: the mean over classes i ≠ t of `weight[t] · max(0, margin − x[t] + x[i])ᵖ` (a sum divided by C).
 *
 * **Shapes** x: [N, C] or [C]; target (integers): [N], of one sample [] or [1]; result: a scalar, or with
 * `reduction: "none"` the target's shape. Options: `p` (1), `margin` (1), `weight` [C], `reduction` ("mean").
 * @throws ShapeError for a target that does not fit, or a label out of range; UsageError for another p.
 * @example
 * multiMarginLoss(tensor([[0.5, 1, 2]]), tensor([2])); // → 0
 * multiMarginLoss(tensor([[0.5, 1, 2]]), tensor([1])); // → 0.8333
 */
export function multiMarginLoss(x: Tensor, target: Tensor, options: MultiMarginOptions = {}): Tensor {
  const op = "multiMarginLoss";
  const { p = 1, margin = 1, weight = null, reduction } = options;
  if (p !== 1 && p !== 2) throw new UsageError(`${op}: p must be 1 or 2, got ${p}`);
  const rows = rowsOf(op, x);
  const [samples, classes] = rows.shape as [number, number];
  if (target.numel() !== samples || target.ndim > 1 || (target.ndim === 0 && x.ndim === 2)) {
    throw new ShapeError(
      `${op}: expected a target [${samples}] for input ${formatShape(x.shape)}, got ${formatShape(target.shape)}`,
    );
  }
  if (weight !== null && !sameShape(weight.shape, [classes])) {
    throw new ShapeError(
      `${op}: expected a weight for each of the ${classes} classes, got ${formatShape(weight.shape)}`,
    );
  }
  const labels = positionsOf(op, target.reshape([-1, 1]), 1, classes, { range: `${classes} classes` });
  const violation = rows.sub(rows.gather(1, labels)).add(margin).clampMin(0);
  const powers = p === 1 ? violation : violation.square();
  const weighted = weight === null ? powers : powers.mul(weight.indexSelect(0, labels.squeeze(1)).unsqueeze(1));
  const losses = weighted.scatter(1, labels, 0).sum(1).div(classes);
  return reduceLoss(op, target.ndim === 0 ? losses.squeeze(0) : losses, reduction);
}

/**
 * Hinge loss of several labels a sample: the sum over its labels j and all other classes i of
 * `max(0, 1 − (x[j] − x[i])) / C`. Labels end at the first −1.
 *
 * **Shapes** x: [N, C] or [C]; target (integers): the same; result: a scalar, or with `reduction: "none"` [N] or [].
 * Options: `reduction` ("mean").
 * @throws ShapeError for a target of another shape, or a label out of range.
 * @example multilabelMarginLoss(tensor([[0.1, 0.2, 0.4, 0.8]]), tensor([[3, 0, -1, 1]])); // → 0.85
 */
export function multilabelMarginLoss(x: Tensor, target: Tensor, options: ReductionOptions = {}): Tensor {
  const op = "multilabelMarginLoss";
  const rows = rowsOf(op, x);
  checkSameShape(op, x, target);
  const [samples, classes] = rows.shape as [number, number];
  const labels = labelsOf(op, target, classes).reshape(rows.shape);
  const counts = labels.lt(0).cumsum(1).eq(0);
  const longest = samples === 0 ? 0 : counts.sum(1).amax().item();
  const isLabel = counts.narrow(1, 0, longest);
  const positions = where(isLabel, labels.narrow(1, 0, longest), 0);
  const isOther = zeros(rows.shape, { dtype: "int32" }).scatterAdd(1, positions, isLabel.to("int32")).eq(0);
  // [N, labels, C]
  const violations = rows.unsqueeze(1).sub(rows.gather(1, positions).unsqueeze(2)).add(1).clampMin(0);
  const counted = where(isLabel.unsqueeze(2).logicalAnd(isOther.unsqueeze(1)), violations, 0);
  const losses = counted.sum([1, 2]).div(classes);
  return reduceLoss(op, x.ndim === 1 ? losses.squeeze(0) : losses, options.reduction);
}

/** Labels from −1 on, as int32. */
function labelsOf(op: string, target: Tensor, classes: number): Tensor {
  if (isFloatingPoint(target.dtype) || target.dtype === "bool") {
    throw new DTypeError(`${op}: expected integer class labels, got ${target.dtype}; convert with .to("int32")`);
  }
  const labels = target.to("int32");
  if (labels.numel() === 0) return labels;
  const [smallest, largest] = [labels.amin().item(), labels.amax().item()];
  if (smallest < -1 || largest >= classes) {
    throw new ShapeError(
      `${op}: label ${smallest < -1 ? smallest : largest} is out of range for ${classes} classes; expected 0 to ${classes - 1}, or −1 after the last one`,
    );
  }
  return labels;
}
