import { defaultFloat, isFloatingPoint, resultType } from "../dtype.js";
import type { Tensor } from "../tensor.js";
import { operand, type TensorOrNumber } from "./elementwise.js";
import { where } from "./where.js";

/** B₂ⱼ / (2j)! for j = 1, 2, … */
const bernoulli = [
  0.08333333333333333, -0.001388888888888889, 3.306878306878307e-5, -8.267195767195768e-7, 2.08767569878681e-8,
  -5.284190138687493e-10, 1.3382536530684679e-11, -3.3896802963225827e-13, 8.586062056277845e-15,
  -2.174868698558062e-16, 5.5090028283602295e-18, -1.3954464685812522e-19,
];

/** From where on the series that takes the place of the remaining terms is exact. */
const far = 10;

/**
 * Hurwitz zeta function: `ζ(s, q) = Σ (q + k)^(−s)` over k = 0, 1, …, by Euler and Maclaurin. Elementwise with broadcasting.
 * Infinite where s is 1 or q is 0, −1, …; NaN where s is below 1, or q below 0 and s not whole. Integers become float32.
 * @example special.zeta(tensor([2.5]), tensor([1, 3])); // → [1.3415, 0.1647]
 */
export function zeta(s: TensorOrNumber, q: TensorOrNumber): Tensor {
  const dtype = resultType(s, q);
  const exponent = operand(s, "float64");
  const start = operand(q, "float64");
  const isPole = start.le(0).logicalAnd(start.eq(start.floor()));
  // Neither poles nor what comes out as NaN may reach the sums: their gradients would be NaN too.
  const isOutside = exponent.lt(1).logicalOr(start.lt(0).logicalAnd(exponent.ne(exponent.floor())));
  const isInfinite = isPole.logicalOr(exponent.eq(1));
  const power = where(isOutside.logicalOr(isInfinite), 2, exponent);
  const safe = where(isOutside.logicalOr(isInfinite), 1, start);
  const lowest = safe.numel() === 0 ? far : safe.detach().min().item();
  const terms = Math.max(far, Math.ceil(far - (Number.isFinite(lowest) ? lowest : far)));
  let sum = safe.pow(power.neg());
  for (let k = 1; k < terms; k++) sum = sum.add(safe.add(k).pow(power.neg()));
  const end = safe.add(terms);
  const square = end.square();
  let factor = end.pow(power.neg());
  sum = sum.add(factor.mul(end).div(power.sub(1))).add(factor.div(2));
  factor = factor.mul(power).div(end);
  for (const [j, coefficient] of bernoulli.entries()) {
    sum = sum.add(factor.mul(coefficient));
    factor = factor
      .mul(power.add(2 * j + 1))
      .mul(power.add(2 * j + 2))
      .div(square);
  }
  const result = where(isOutside, Number.NaN, where(isInfinite, Number.POSITIVE_INFINITY, sum));
  return result.to(isFloatingPoint(dtype) ? dtype : defaultFloat);
}
