import { filled } from "../allocate.js";
import { isFloatingPoint } from "../dtype.js";
import { DTypeError, ShapeError, UsageError } from "../errors.js";
import { formatShape, normalizeDim, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";

/** Options of {@link bincount}. */
export interface BincountOptions {
  /** What each element counts. Default 1. */
  weights?: Tensor | null;
  /** How many classes are counted at least. Default 0. */
  minlength?: number;
}

/**
 * How often each number from 0 on occurs. Has no gradient.
 *
 * **Shapes** x (integers): [n]; weights: [n]; result: [max(x) + 1], at least `minlength`; int32, or the weights' type
 * (float64 if they are integers). Options: `weights` (none), `minlength` (0).
 * @throws ShapeError for another rank; DTypeError for floating point; UsageError for a number below 0.
 * @example bincount(tensor([0, 2, 2])); // → [1, 0, 2]
 */
export function bincount(x: Tensor, options: BincountOptions = {}): Tensor {
  const { weights = null, minlength = 0 } = options;
  if (isFloatingPoint(x.dtype) || x.dtype === "bool") {
    throw new DTypeError(`bincount: expected integers, got ${x.dtype}; convert with .to("int32")`);
  }
  if (x.ndim !== 1) throw new ShapeError(`bincount: expected one dimension, got ${formatShape(x.shape)}`);
  if (weights !== null && !sameShape(weights.shape, x.shape)) {
    throw new ShapeError(`bincount: expected weights ${formatShape(x.shape)}, got ${formatShape(weights.shape)}`);
  }
  if (!Number.isInteger(minlength) || minlength < 0) {
    throw new UsageError(`bincount: minlength must be a whole number of at least 0, got ${minlength}`);
  }
  if (x.numel() > 0 && x.min().item() < 0) {
    throw new UsageError(`bincount: expected numbers of at least 0, got ${x.min().item()}`);
  }
  const length = Math.max(minlength, x.numel() > 0 ? x.max().item() + 1 : 0);
  const counts = weights === null ? filled(x.shape, "int32", 1) : weights.detach();
  const dtype = weights !== null && !isFloatingPoint(weights.dtype) ? "float64" : counts.dtype;
  return filled([length], dtype, 0).indexAdd(0, x, counts.to(dtype));
}

/** Options of {@link histc}. */
export interface HistcOptions {
  /** Number of bins. Default 100. */
  bins?: number;
  /** Lower end of the first bin. Default: the smallest element, if `max` is equal. */
  min?: number;
  /** Upper end of the last bin, which belongs to it. Default: the largest element, if `min` is equal. */
  max?: number;
}

/**
 * How many elements fall into each of `bins` equal parts of `min … max`; others and NaN do not count. Has no gradient.
 *
 * **Shapes** x (floating point): any; result: [bins], of x's type. Options: `bins` (100), `min` (0), `max` (0).
 * @throws DTypeError for integers; UsageError for a range that is none.
 * @example tensor([0.5, 1, 1.5, 2]).histc({ bins: 2, min: 0, max: 2 }); // → [1, 3]
 */
export function histc(x: Tensor, options: HistcOptions = {}): Tensor {
  const { bins = 100 } = options;
  let { min = 0, max = 0 } = options;
  if (!isFloatingPoint(x.dtype)) {
    throw new DTypeError(`histc: expected a floating point tensor, got ${x.dtype}; convert with .to("float32")`);
  }
  if (!Number.isInteger(bins) || bins < 1) throw new UsageError(`histc: bins must be at least 1, got ${bins}`);
  if (min > max) throw new UsageError(`histc: min ${min} must not be larger than max ${max}`);
  const values = x.detach();
  if (min === max && values.numel() > 0) [min, max] = [values.min().item(), values.max().item()];
  if (!Number.isFinite(min) || !Number.isFinite(max)) {
    throw new UsageError(`histc: the range from ${min} to ${max} is not finite; give min and max`);
  }
  if (min === max) [min, max] = [min - 1, max + 1];
  const inside = values.maskedSelect(values.ge(min).logicalAnd(values.le(max)));
  const positions = inside
    .sub(min)
    .mul(bins / (max - min))
    .to("int32")
    .clampMax(bins - 1);
  return bincount(positions, { minlength: bins }).to(x.dtype);
}

/** Options of {@link trapezoid} and {@link cumulativeTrapezoid}. */
export interface TrapezoidOptions {
  /** Where the values stand, broadcasting with them. Default: `dx` apart. */
  x?: Tensor | null;
  /** Distance between the values. Default 1. */
  dx?: number;
  /** Default −1. */
  dim?: number;
}

/** The areas between neighbours along a dimension, which is last in the result. */
function trapezoids(op: string, y: Tensor, { x = null, dx = 1, dim = -1 }: TrapezoidOptions): Tensor {
  if (y.dtype === "bool") throw new DTypeError(`${op}: not defined for bool; convert with .to("float32")`);
  const values = y.movedim(normalizeDim(op, dim, y.ndim), -1);
  const n = values.shape.at(-1) as number;
  const sums = values.narrow(-1, 1, Math.max(n - 1, 0)).add(values.narrow(-1, 0, Math.max(n - 1, 0)));
  if (x === null) return sums.mul(dx / 2);
  const positions = x.ndim === 1 ? x : x.movedim(normalizeDim(op, dim, x.ndim), -1);
  return sums.mul(positions.diff()).div(2);
}

/**
 * The integral of values along a dimension by the trapezoid rule: `Σ (yᵢ + yᵢ₊₁) / 2 · (xᵢ₊₁ − xᵢ)`.
 *
 * **Shapes** y: any; result: without the dimension. Options: `x` (where the values stand), `dx` (1), `dim` (−1).
 * @example
 * trapezoid(tensor([1, 2, 3], { dtype: "float32" })); // → 4
 * trapezoid(tensor([1, 2, 3], { dtype: "float32" }), { dx: 0.5 }); // → 2
 */
export function trapezoid(y: Tensor, options: TrapezoidOptions = {}): Tensor {
  return trapezoids("trapezoid", y, options).sum(-1);
}

export { trapezoid as trapz };

/**
 * The integral up to each value but the first; see {@link trapezoid}.
 *
 * **Shapes** y: any; result: one less along the dimension. Options: `x`, `dx` (1), `dim` (−1).
 * @example cumulativeTrapezoid(tensor([1, 2, 3], { dtype: "float32" })); // → [1.5, 4]
 */
export function cumulativeTrapezoid(y: Tensor, options: TrapezoidOptions = {}): Tensor {
  const areas = trapezoids("cumulativeTrapezoid", y, options).cumsum(-1);
  return areas.movedim(-1, normalizeDim("cumulativeTrapezoid", options.dim ?? -1, y.ndim));
}
