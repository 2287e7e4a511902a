import { newTypedArray, resultType } from "../dtype.js";
import { DTypeError } from "../errors.js";
import { noGrad } from "../recorder.js";
import { broadcastShapes } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { fromArray } from "./creation.js";
import { expand } from "./view.js";

/** The e for which |x| = m · 2^e with m from 1/2 to 1; 0 for 0, NaN and infinities. */
function exponentOf(x: number): number {
  if (x === 0 || !Number.isFinite(x)) return 0;
  // Below the normal numbers the logarithm's power of two would be infinite.
  const shift = Math.abs(x) < 2 ** -1000 ? 200 : 0;
  const magnitude = Math.abs(x) * 2 ** shift;
  let exponent = Math.floor(Math.log2(magnitude)) + 1;
  if (magnitude / 2 ** (exponent - 1) >= 2) exponent++;
  if (magnitude / 2 ** (exponent - 1) < 1) exponent--;
  return exponent - shift;
}

/**
 * Mantissas and exponents: `x = mantissa · 2^exponent`, with a mantissa of magnitude 1/2 to 1, or 0. Elementwise.
 *
 * **Shapes** x (floating point): any; mantissa and exponent (int32): the same.
 * @throws DTypeError for integers.
 * @example frexp(tensor([1.5, -0.25])); // → { mantissa: [0.75, -0.5], exponent: [1, -1] }
 */
export function frexp(x: Tensor): { mantissa: Tensor; exponent: Tensor } {
  if (!x.isFloatingPoint()) {
    throw new DTypeError(`frexp: expected a floating point tensor, got ${x.dtype}; convert with .to("float32")`);
  }
  const exponents = Int32Array.from(x.toTypedArray(), exponentOf);
  // In two steps: the power for the smallest numbers has none of its own.
  const half = exponents.map((exponent) => Math.trunc(exponent / 2));
  const power = (of: Int32Array): Tensor =>
    fromArray(
      Float64Array.from(of, (e) => 2 ** -e),
      x.shape,
      x.dtype,
    );
  const mantissa = x.mul(power(half)).mul(power(exponents.map((exponent, i) => exponent - (half[i] as number))));
  return { mantissa, exponent: fromArray(exponents, x.shape, "int32") };
}

/**
 * The next number of the type from x towards `other`. Elementwise with broadcasting; no gradient.
 *
 * @throws DTypeError for integers.
 * @example nextafter(tensor([1], { dtype: "float64" }), tensor([2], { dtype: "float64" })).sub(1).item() === Number.EPSILON; // → true
 */
export function nextafter(x: Tensor, other: Tensor): Tensor {
  const dtype = resultType(x, other);
  if (dtype !== "float32" && dtype !== "float64") {
    throw new DTypeError(`nextafter: expected floating point tensors, got ${x.dtype} and ${other.dtype}`);
  }
  const shape = broadcastShapes("nextafter", x.shape, other.shape);
  const from = noGrad(() => expand(x.detach().to(dtype), shape).toTypedArray());
  const towards = noGrad(() => expand(other.detach().to(dtype), shape).toTypedArray());
  const next = newTypedArray(dtype, from.length);
  // As integers, floating point numbers of one sign are in order.
  const bits = dtype === "float32" ? new Int32Array(next.buffer) : new BigInt64Array(next.buffer);
  const one = (dtype === "float32" ? 1 : 1n) as never;
  for (let i = 0; i < from.length; i++) {
    const start = from[i] as number;
    const end = towards[i] as number;
    next[i] = start;
    if (start === end) next[i] = end;
    else if (Number.isNaN(start) || Number.isNaN(end)) next[i] = Number.NaN;
    else if (start === 0) {
      bits[i] = one;
      if (end < 0) next[i] = -(next[i] as number);
    } else if (end > start === start > 0) bits[i] = ((bits[i] as never) + one) as never;
    else bits[i] = ((bits[i] as never) - one) as never;
  }
  return fromArray(next, shape, dtype);
}
