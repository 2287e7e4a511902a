import { defaultFloat } from "../dtype.js";
import { DTypeError, UsageError } from "../errors.js";
import type { Tensor } from "../tensor.js";
import { zeta } from "./zeta.js";

function checkOrder(op: string, n: number, least: number): void {
  if (!Number.isInteger(n) || n < least) {
    throw new UsageError(`${op}: expected a whole number of at least ${least}, got ${n}`);
  }
}

/**
 * Logarithm of the multivariate gamma function of `p` dimensions:
 * `ln Γₚ(x) = p (p − 1) / 4 · ln π + Σ ln Γ(x + (1 − i) / 2)` over i = 1 … p. Elementwise. Integers become float32.
 *
 * @throws UsageError unless p is a whole number of at least 1; DTypeError for bools.
 * @example mvlgamma(tensor([2.5, 4]), 2); // → [0.8570, 3.5651]
 */
export function mvlgamma(x: Tensor, p: number): Tensor {
  checkOrder("mvlgamma", p, 1);
  if (x.dtype === "bool") throw new DTypeError('mvlgamma: not defined for bool; convert with .to("float32")');
  let sum = x.lgamma();
  for (let i = 2; i <= p; i++) sum = sum.add(x.add((1 - i) / 2).lgamma());
  return sum.add(((p * (p - 1)) / 4) * Math.log(Math.PI));
}

/** The n-th derivative of `digamma`, elementwise. As a method, x comes first. */
export function polygammaOf(x: Tensor, n: number): Tensor {
  checkOrder("polygamma", n, 0);
  if (n === 0) return x.digamma();
  if (n === 1) return x.trigamma();
  let factor = n % 2 === 0 ? -1 : 1;
  for (let i = 2; i <= n; i++) factor *= i;
  return zeta(n + 1, x.to("float64"))
    .mul(factor)
    .to(x.isFloatingPoint() ? x.dtype : defaultFloat);
}

/**
 * The n-th derivative of `digamma`: `(−1)ⁿ⁺¹ n! ζ(n + 1, x)`. Elementwise. Integers become float32.
 *
 * @throws UsageError unless n is a whole number of at least 0.
 * @example polygamma(2, tensor([1, 2.5])); // → [-2.4041, -0.2362]
 */
export function polygamma(n: number, x: Tensor): Tensor {
  return polygammaOf(x, n);
}
