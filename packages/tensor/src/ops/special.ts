import { defaultFloat, isFloatingPoint, resultType } from "../dtype.js";
import { DTypeError } from "../errors.js";
import type { Tensor } from "../tensor.js";
import { logaddexp, pow } from "./binary.js";
import { cast, computeType, operand, type TensorOrNumber } from "./elementwise.js";
import { where } from "./where.js";

/**
 * x itself: `+x`.
 *
 * @throws DTypeError for bools.
 * @example positive(tensor([-1, 2])); // → [-1, 2]
 */
export function positive(x: Tensor): Tensor {
  computeType("positive", "any", x.dtype);
  return x;
}

/**
 * Degrees as radians: `x · π / 180`. Elementwise; integers become float32.
 * @example deg2rad(tensor([180, 90])); // → [3.1416, 1.5708]
 */
export function deg2rad(x: Tensor): Tensor {
  return x.mul(Math.PI / 180);
}

/**
 * Radians as degrees: `x · 180 / π`. Elementwise; integers become float32.
 * @example rad2deg(tensor([Math.PI, 1])); // → [180, 57.2958]
 */
export function rad2deg(x: Tensor): Tensor {
  return x.mul(180 / Math.PI);
}

/**
 * Sine of πx over πx: `sin(πx) / (πx)`, 1 at 0. Elementwise; integers become float32.
 * @example sinc(tensor([0, 0.5])); // → [1, 0.6366]
 */
export function sinc(x: Tensor): Tensor {
  const isZero = x.eq(0);
  // Not 0 anywhere, so that neither the quotient nor its gradient is NaN.
  const angle = where(isZero, 1, x.mul(Math.PI));
  return where(isZero, 1, angle.sin().div(angle));
}

/**
 * Whether x is +∞, as bool. Elementwise.
 * @example isposinf(tensor([1, Infinity, -Infinity])); // → [false, true, false]
 */
export function isposinf(x: Tensor): Tensor {
  return x.eq(Number.POSITIVE_INFINITY);
}

/**
 * Whether x is −∞, as bool. Elementwise.
 * @example isneginf(tensor([1, Infinity, -Infinity])); // → [false, false, true]
 */
export function isneginf(x: Tensor): Tensor {
  return x.eq(Number.NEGATIVE_INFINITY);
}

/** Options of {@link nanToNum}. */
export interface NanToNumOptions {
  /** What NaN becomes. Default 0. */
  nan?: number;
  /** What +∞ becomes. Default: the largest number of x's type. */
  posinf?: number | null;
  /** What −∞ becomes. Default: the smallest number of x's type. */
  neginf?: number | null;
}

/**
 * Replaces NaN and infinities by numbers. Elementwise; gradients pass where nothing was replaced.
 * Options: `nan` (0), `posinf` and `neginf` (the largest and the smallest number of x's type).
 * @example tensor([NaN, -Infinity]).nanToNum({ neginf: -1 }); // → [0, -1]
 */
export function nanToNum(x: Tensor, options: NanToNumOptions = {}): Tensor {
  if (!isFloatingPoint(x.dtype)) return x.clone();
  const largest = x.dtype === "float32" ? 2 ** 128 - 2 ** 104 : Number.MAX_VALUE;
  const { nan = 0 } = options;
  const { posinf, neginf } = options;
  const finite =
    posinf === undefined && neginf === undefined
      ? x.clamp(-largest, largest)
      : where(isposinf(x), posinf ?? largest, where(isneginf(x), neginf ?? -largest, x));
  return where(x.isnan(), nan, finite);
}

/**
 * Logarithm of a sum of powers of 2: `log₂(2ˣ + 2^other)`, without overflow. Elementwise, with broadcasting.
 * @example logaddexp2(tensor([3.5, 1000]), tensor([3.5, 1000])); // → [4.5, 1001]
 */
export function logaddexp2(x: Tensor, other: TensorOrNumber): Tensor {
  const dtype = computeType("logaddexp2", "float", resultType(x, other));
  return logaddexp(cast(x, dtype).mul(Math.LN2), operand(other, dtype).mul(Math.LN2)).div(Math.LN2);
}

/**
 * `x` to the power `exponent`, in float64. Elementwise with broadcasting.
 * @example floatPower(tensor([2, 3]), -1); // → [0.5, 0.3333]
 */
export function floatPower(x: TensorOrNumber, exponent: TensorOrNumber): Tensor {
  const double = (value: TensorOrNumber): TensorOrNumber => (typeof value === "object" ? value.to("float64") : value);
  return cast(pow(double(x), double(exponent)), "float64");
}

/**
 * 0 where x is negative, `values` where it is 0, 1 where it is positive. Elementwise with broadcasting; no gradient.
 * @example heaviside(tensor([-1.5, 0, 2]), tensor(0.5)); // → [0, 0.5, 1]
 */
export function heaviside(x: Tensor, values: Tensor): Tensor {
  if (x.dtype !== values.dtype) {
    throw new DTypeError(`heaviside: expected both tensors of one dtype, got ${x.dtype} and ${values.dtype}`);
  }
  return where(x.eq(0), values.detach(), cast(x.gt(0), x.dtype));
}

/**
 * `x · 2^exponent`. Elementwise with broadcasting. Integers become float32.
 * @example ldexp(tensor([1, 3]), tensor([2, -1])); // → [4, 1.5]
 */
export function ldexp(x: Tensor, exponent: Tensor): Tensor {
  return x.mul(exponent.to(isFloatingPoint(exponent.dtype) ? exponent.dtype : defaultFloat).exp2());
}
