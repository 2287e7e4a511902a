import { checkDType, type DType, isFloatingPoint } from "../dtype.js";
import { DTypeError } from "../errors.js";
import { isRecording, record } from "../recorder.js";
import { normalizeDim } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { maximum, minimum } from "./binary.js";
import { cast } from "./elementwise.js";
import { checkNotEmpty, type Dims, type ReduceName, resolveDims, runReduce } from "./reduce.js";
import { where } from "./where.js";

/** The option of every reduction. */
export interface KeepdimOptions {
  /** Whether the reduced dimensions stay, with size 1. Default false. */
  keepdim?: boolean;
}

/** Options of {@link sum} and its kind. */
export interface SumOptions extends KeepdimOptions {
  /** Element type to compute in. Default: that of x; int32 for integers and bools. */
  dtype?: DType;
}

/** Options of `var`, {@link std} and their kind. */
export interface DeviationOptions extends KeepdimOptions {
  /** What is subtracted from the number of elements in the divisor. Default 1. */
  correction?: number;
}

/** Chosen values and where along the dimension they were (int32). */
export interface ValuesAndIndices {
  readonly values: Tensor;
  readonly indices: Tensor;
}

function sumType(x: Tensor, dtype: DType | undefined): DType {
  if (dtype === undefined) return isFloatingPoint(x.dtype) ? x.dtype : "int32";
  checkDType(dtype);
  return dtype;
}

function checkFloat(op: string, x: Tensor): void {
  if (!isFloatingPoint(x.dtype)) {
    throw new DTypeError(`${op}: expected a floating point tensor, got ${x.dtype}; convert with .to("float32")`);
  }
}

/**
 * Sum over some dimensions, or over all: `Σ x`.
 *
 * **Shapes** x: any; result: without the reduced dimensions, or with them as ones (`keepdim`). An empty sum is 0.
 * @throws ShapeError for a dimension out of range or named twice.
 * @example
 * tensor([[1, 2], [3, 4]]).sum(); // → 10
 * tensor([[1, 2], [3, 4]]).sum(0); // → [4, 6]
 * tensor([[1, 2], [3, 4]]).sum(1, { keepdim: true }); // → [[3], [7]]
 */
export function sum(x: Tensor, dim?: Dims, options: SumOptions = {}): Tensor {
  const { keepdim = false } = options;
  const reduced = resolveDims("sum", x, dim, keepdim);
  const dtype = sumType(x, options.dtype);
  if (x.dtype === "bool" && dtype === "int32") return runReduce("nonzeroCount", x, reduced, "int32");
  const input = cast(x, dtype);
  return record("sum", [input], runReduce("sum", input, reduced, dtype), { dims: reduced.dims, keepdim });
}

/**
 * Mean over some dimensions, or over all: `Σ x / n`; NaN of nothing.
 *
 * **Shapes** as for {@link sum}. Options: `keepdim` (false), `dtype` (that of x).
 * @throws DTypeError for integers, unless `dtype` names a floating point type.
 * @example mean(tensor([[1.5, 2], [3, 4]]), 0); // → [2.25, 3]
 */
export function mean(x: Tensor, dim?: Dims, options: SumOptions = {}): Tensor {
  if (options.dtype !== undefined) checkDType(options.dtype);
  if (!isFloatingPoint(options.dtype ?? x.dtype)) {
    throw new DTypeError(
      `mean: expected a floating point tensor, got ${x.dtype}; convert with .to("float32") or give dtype`,
    );
  }
  const { count } = resolveDims("mean", x, dim, false);
  return sum(x, dim, options).div(count);
}

/**
 * Product over some dimensions, or over all: `Π x`; 1 of nothing.
 *
 * **Shapes** as for {@link sum}. Options: `keepdim` (false), `dtype` (that of x; int32 for integers and bools).
 * @example prod(tensor([[1, 2], [3, 4]]), 1); // → [2, 12]
 */
export function prod(x: Tensor, dim?: Dims, options: SumOptions = {}): Tensor {
  const { keepdim = false } = options;
  const reduced = resolveDims("prod", x, dim, keepdim);
  const dtype = sumType(x, options.dtype);
  const input = cast(x, dtype);
  return record("prod", [input], runReduce("prod", input, reduced, dtype), { dims: reduced.dims, keepdim });
}

function extreme(op: "amax" | "amin", x: Tensor, dim: Dims, options: KeepdimOptions): Tensor {
  const { keepdim = false } = options;
  const reduced = resolveDims(op, x, dim, keepdim);
  checkNotEmpty(op, x, reduced);
  const out = runReduce(op === "amax" ? "max" : "min", x, reduced, x.dtype);
  return record(op, [x], out, { dims: reduced.dims, keepdim });
}

/**
 * Largest element over some dimensions, or over all; NaN if there is one. Equal maxima share the gradient.
 *
 * **Shapes** as for {@link sum}. Options: `keepdim` (false).
 * @throws ShapeError if there is nothing to choose from.
 * @example amax(tensor([[1, 5], [7, 3]]), 1); // → [5, 7]
 */
export function amax(x: Tensor, dim?: Dims, options: KeepdimOptions = {}): Tensor {
  return extreme("amax", x, dim, options);
}

/**
 * Smallest element over some dimensions, or over all; NaN if there is one. Equal minima share the gradient.
 *
 * **Shapes** as for {@link sum}. Options: `keepdim` (false).
 * @throws ShapeError if there is nothing to choose from.
 * @example amin(tensor([[1, 5], [7, 3]]), 1); // → [1, 3]
 */
export function amin(x: Tensor, dim?: Dims, options: KeepdimOptions = {}): Tensor {
  return extreme("amin", x, dim, options);
}

/**
 * Smallest and largest element over one dimension, or over all.
 *
 * **Shapes** as for {@link sum}, of both. Options: `keepdim` (false).
 * @throws ShapeError if there is nothing to choose from.
 * @example aminmax(tensor([4, 1, 7])); // → { min: 1, max: 7 }
 */
export function aminmax(x: Tensor, dim?: number, options: KeepdimOptions = {}): { min: Tensor; max: Tensor } {
  return { min: amin(x, dim, options), max: amax(x, dim, options) };
}

function argExtreme(
  op: "argmax" | "argmin",
  x: Tensor,
  dim: number | null | undefined,
  options: KeepdimOptions,
): Tensor {
  const reduced = resolveDims(op, x, dim, options.keepdim ?? false);
  checkNotEmpty(op, x, reduced);
  return runReduce(op, x, reduced, "int32");
}

/**
 * Position (int32) of the largest element along `dim`, or in row-major order over all; the first of equals, NaN wins.
 *
 * **Shapes** as for {@link sum}. Options: `keepdim` (false).
 * @throws ShapeError if there is nothing to choose from.
 * @example argmax(tensor([[1, 5], [7, 3]]), 1); // → [1, 0]
 */
export function argmax(x: Tensor, dim?: number | null, options: KeepdimOptions = {}): Tensor {
  return argExtreme("argmax", x, dim, options);
}

/**
 * Position (int32) of the smallest element along `dim`, or in row-major order over all; the first of equals, NaN wins.
 *
 * **Shapes** as for {@link sum}. Options: `keepdim` (false).
 * @throws ShapeError if there is nothing to choose from.
 * @example argmin(tensor([[1, 5], [7, 3]])); // → 0
 */
export function argmin(x: Tensor, dim?: number | null, options: KeepdimOptions = {}): Tensor {
  return argExtreme("argmin", x, dim, options);
}

function alongDim(op: "max" | "min", x: Tensor, dim: number, options: KeepdimOptions): ValuesAndIndices {
  const { keepdim = false } = options;
  const along = normalizeDim(op, dim, x.ndim);
  const reduced = resolveDims(op, x, along, x.ndim > 0);
  checkNotEmpty(op, x, reduced);
  const indices = runReduce(op === "max" ? "argmax" : "argmin", x, reduced, "int32");
  const values = x.gather(along, indices);
  if (keepdim || x.ndim === 0) return { values, indices };
  return { values: values.squeeze(along), indices: indices.squeeze(along) };
}

/**
 * The largest element of all; with a dimension, the largest along it and where it is (the first of
 * equals); with another tensor, the larger of the two, elementwise. NaN wins.
 *
 * **Shapes** as for {@link sum}, or as the two broadcast. Options (with a dimension): `keepdim` (false).
 * @throws ShapeError if there is nothing to choose from.
 * @example
 * const x = tensor([[1, 5], [7, 3]]);
 * x.max(); // → 7
 * x.max(1); // → { values: [5, 7], indices: [1, 0] }
 * x.max(tensor(4)); // → [[4, 5], [7, 4]]
 */
export function max(x: Tensor): Tensor;
export function max(x: Tensor, other: Tensor): Tensor;
export function max(x: Tensor, dim: number, options?: KeepdimOptions): ValuesAndIndices;
export function max(x: Tensor, by?: number | Tensor, options: KeepdimOptions = {}): Tensor | ValuesAndIndices {
  if (by === undefined) return amax(x);
  return typeof by === "number" ? alongDim("max", x, by, options) : maximum(x, by);
}

/**
 * The smallest element of all; with a dimension, the smallest along it and where it is (the first of
 * equals); with another tensor, the smaller of the two, elementwise. NaN wins.
 *
 * **Shapes** as for {@link sum}, or as the two broadcast. Options (with a dimension): `keepdim` (false).
 * @throws ShapeError if there is nothing to choose from.
 * @example
 * const x = tensor([[1, 5], [7, 3]]);
 * x.min(); // → 1
 * x.min(1); // → { values: [1, 3], indices: [0, 1] }
 * x.min(tensor(4)); // → [[1, 4], [4, 3]]
 */
export function min(x: Tensor): Tensor;
export function min(x: Tensor, other: Tensor): Tensor;
export function min(x: Tensor, dim: number, options?: KeepdimOptions): ValuesAndIndices;
export function min(x: Tensor, by?: number | Tensor, options: KeepdimOptions = {}): Tensor | ValuesAndIndices {
  if (by === undefined) return amin(x);
  return typeof by === "number" ? alongDim("min", x, by, options) : minimum(x, by);
}

/** PyTorch answers uint8, which was its bool once, in uint8. */
function truth(x: Tensor, answer: Tensor): Tensor {
  return x.dtype === "uint8" ? cast(answer, "uint8") : answer;
}

/**
 * Whether any element is not 0, over some dimensions or all, as bool (uint8 of uint8); false of nothing, NaN counts as true.
 *
 * **Shapes** as for {@link sum}. Options: `keepdim` (false).
 * @example any(tensor([[0, 2], [0, 0]]), 1); // → [true, false]
 */
export function any(x: Tensor, dim?: Dims, options: KeepdimOptions = {}): Tensor {
  return truth(x, runReduce("any", x, resolveDims("any", x, dim, options.keepdim ?? false), "bool"));
}

/**
 * Whether all elements are not 0, over some dimensions or all, as bool (uint8 of uint8); true of nothing.
 *
 * **Shapes** as for {@link sum}. Options: `keepdim` (false).
 * @example all(tensor([[1, 2], [0, 3]]), 1); // → [true, false]
 */
export function all(x: Tensor, dim?: Dims, options: KeepdimOptions = {}): Tensor {
  return truth(x, runReduce("all", x, resolveDims("all", x, dim, options.keepdim ?? false), "bool"));
}

/**
 * How many elements are not 0, over some dimensions or all, as int32.
 *
 * **Shapes** x: any; result: without the counted dimensions.
 * @example countNonzero(tensor([[1, 2], [0, 3]])); // → 3
 */
export function countNonzero(x: Tensor, dim?: Dims): Tensor {
  return runReduce("nonzeroCount", x, resolveDims("countNonzero", x, dim, false), "int32");
}

/** Variance and mean of the same elements; the mean keeps its dimensions. */
function moments(op: string, x: Tensor, dim: Dims, options: DeviationOptions): { variance: Tensor; center: Tensor } {
  checkFloat(op, x);
  const { correction = 1, keepdim = false } = options;
  const { dims, count } = resolveDims(op, x, dim, keepdim);
  // Two passes: the difference of large sums of squares would lose the variance to rounding.
  const center = mean(x, dims, { keepdim: true });
  const squares = sum(x.sub(center).square(), dims, { keepdim });
  return { variance: squares.div(Math.max(count - correction, 0)), center };
}

function withoutDims(x: Tensor, center: Tensor, dim: Dims, options: KeepdimOptions): Tensor {
  if (options.keepdim) return center;
  return center.reshape(resolveDims("mean", x, dim, false).shape);
}

/**
 * Variance over some dimensions, or over all: `Σ (x − mean)² / max(n − correction, 0)`; NaN of a single element with
 * the default correction.
 *
 * **Shapes** as for {@link sum}. Options: `correction` (1, Bessel's), `keepdim` (false).
 * @throws DTypeError for integers.
 * @example
 * tensor([1.5, 2.5, 4.5]).var(); // → 2.3333
 * tensor([1.5, 2.5, 4.5]).var(0, { correction: 0 }); // → 1.5556
 */
function variance(x: Tensor, dim?: Dims, options: DeviationOptions = {}): Tensor {
  return moments("var", x, dim, options).variance;
}

export { variance as var };

/**
 * Standard deviation over some dimensions, or over all: the square root of `var`, with its options.
 *
 * **Shapes** as for {@link sum}. Options: `correction` (1), `keepdim` (false).
 * @throws DTypeError for integers.
 * @example std(tensor([1.5, 2.5, 3.5])); // → 1
 */
export function std(x: Tensor, dim?: Dims, options: DeviationOptions = {}): Tensor {
  return moments("std", x, dim, options).variance.sqrt();
}

/**
 * Variance and mean over some dimensions, or over all, with the options of `var`.
 *
 * **Shapes** as for {@link sum}, of both.
 * @throws DTypeError for integers.
 * @example varMean(tensor([1.5, 2.5, 3.5])); // → { var: 1, mean: 2.5 }
 */
export function varMean(x: Tensor, dim?: Dims, options: DeviationOptions = {}): { var: Tensor; mean: Tensor } {
  const { variance, center } = moments("varMean", x, dim, options);
  return { var: variance, mean: withoutDims(x, center, dim, options) };
}

/**
 * Standard deviation and mean over some dimensions, or over all, with the options of `var`.
 *
 * **Shapes** as for {@link sum}, of both.
 * @throws DTypeError for integers.
 * @example stdMean(tensor([1.5, 2.5, 3.5])); // → { std: 1, mean: 2.5 }
 */
export function stdMean(x: Tensor, dim?: Dims, options: DeviationOptions = {}): { std: Tensor; mean: Tensor } {
  const { variance, center } = moments("stdMean", x, dim, options);
  return { std: variance.sqrt(), mean: withoutDims(x, center, dim, options) };
}

/**
 * A root of a sum of powers; where the sum is 0 so is the root, and no gradient flows: it would be infinite.
 *
 * @internal
 */
export function rootOfSum(total: Tensor, root: (safe: Tensor) => Tensor): Tensor {
  const isZero = total.eq(0);
  return where(isZero, 0, root(where(isZero, 1, total)));
}

/**
 * Vector norm over some dimensions, or over all: `(Σ |x|ᵖ)^(1/p)`. p may be ±Infinity (largest or smallest
 * magnitude) and 0 (how many are not 0). The gradient of the 2-norm at 0 is 0.
 *
 * **Shapes** as for {@link sum}. Options: `keepdim` (false), `dtype` (that of x).
 * @throws DTypeError for integers.
 * @example
 * vectorNorm(tensor([3, -4], { dtype: "float32" })); // → 5
 * vectorNorm(tensor([3, -4], { dtype: "float32" }), Infinity); // → 4
 */
export function vectorNorm(x: Tensor, ord = 2, dim?: Dims, options: SumOptions = {}): Tensor {
  const { keepdim = false } = options;
  const input = options.dtype === undefined ? x : cast(x, options.dtype);
  checkFloat("vectorNorm", input);
  const direct = (op: ReduceName): Tensor =>
    runReduce(op, input, resolveDims("vectorNorm", input, dim, keepdim), input.dtype);
  if (ord === 2) {
    if (!isRecording([input])) return direct("sumSquares").sqrt();
    return rootOfSum(sum(input.square(), dim, { keepdim }), (total) => total.sqrt());
  }
  if (ord === 1) return isRecording([input]) ? sum(input.abs(), dim, { keepdim }) : direct("norm1");
  if (ord === Number.POSITIVE_INFINITY) return amax(input.abs(), dim, { keepdim });
  if (ord === Number.NEGATIVE_INFINITY) return amin(input.abs(), dim, { keepdim });
  if (ord === 0) return sum(input.ne(0), dim, { keepdim }).to(input.dtype);
  const isZero = input.eq(0);
  const magnitude = where(isZero, 1, input.abs());
  const powers = where(isZero, ord < 0 ? Number.POSITIVE_INFINITY : 0, magnitude.pow(ord));
  return rootOfSum(sum(powers, dim, { keepdim }), (total) => total.pow(1 / ord));
}

/**
 * Norm over some dimensions, or over all; `p` is a number or "fro" (Frobenius, the 2-norm of all elements).
 * See {@link vectorNorm}.
 *
 * **Shapes** as for {@link sum}. Options: `keepdim` (false), `dtype` (that of x).
 * @throws DTypeError for integers.
 * @example norm(tensor([[3, 4], [0, 12]], { dtype: "float32" })); // → 13
 */
export function norm(x: Tensor, p: number | "fro" = "fro", dim?: Dims, options: SumOptions = {}): Tensor {
  return vectorNorm(x, p === "fro" ? 2 : p, dim, options);
}

/**
 * The p-norm of the difference: `‖x − other‖ₚ`.
 *
 * **Shapes** x, other: any that broadcast; result: [].
 * @example dist(tensor([0.5, 1]), tensor([3.5, 5])); // → 5
 */
export function dist(x: Tensor, other: Tensor, p = 2): Tensor {
  return vectorNorm(x.sub(other), p);
}

/**
 * Logarithm of the sum of exponentials over some dimensions, without overflow: `ln Σ eˣ`; −∞ of nothing.
 *
 * **Shapes** as for {@link sum}. Options: `keepdim` (false).
 * @example logsumexp(tensor([[1000, 1000]]), 1); // → [1000.693]
 */
export function logsumexp(x: Tensor, dim: Dims, options: KeepdimOptions = {}): Tensor {
  const { keepdim = false } = options;
  const input = isFloatingPoint(x.dtype) ? x : cast(x, "float32");
  const { dims, shape, count } = resolveDims("logsumexp", input, dim, keepdim);
  if (count === 0) return sum(input.exp(), dims, { keepdim }).log();
  const largest = runReduce("max", input, resolveDims("logsumexp", input, dims, true), input.dtype);
  // An infinite maximum must not be subtracted from itself.
  const shift = where(largest.isinf(), 0, largest);
  return sum(input.sub(shift).exp(), dims, { keepdim }).log().add(shift.reshape(shape));
}

/**
 * Sum over some dimensions, or over all, with NaN counted as 0.
 *
 * **Shapes** as for {@link sum}. Options: `keepdim` (false), `dtype` (that of x).
 * @example nansum(tensor([1, NaN, 2])); // → 3
 */
export function nansum(x: Tensor, dim?: Dims, options: SumOptions = {}): Tensor {
  return sum(isFloatingPoint(x.dtype) ? where(x.isnan(), 0, x) : x, dim, options);
}

/**
 * Mean over some dimensions, or over all, of the elements that are not NaN.
 *
 * **Shapes** as for {@link sum}. Options: `keepdim` (false), `dtype` (that of x).
 * @throws DTypeError for integers.
 * @example nanmean(tensor([1, NaN, 2])); // → 1.5
 */
export function nanmean(x: Tensor, dim?: Dims, options: SumOptions = {}): Tensor {
  checkFloat("nanmean", x);
  const { keepdim = false } = options;
  return nansum(x, dim, options).div(sum(x.isnan().logicalNot(), dim, { keepdim }));
}
