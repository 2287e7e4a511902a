import type { Tensor } from "../tensor.js";

/** A polynomial by Horner's rule, coefficients from the constant on. */
export function polynomial(x: Tensor, coefficients: readonly number[]): Tensor {
  let sum = x.mul(0).add(coefficients.at(-1) as number);
  for (const coefficient of coefficients.slice(0, -1).reverse()) sum = sum.mul(x).add(coefficient);
  return sum;
}

/** A series of Chebyshev polynomials `c₀/2 + Σ cₖ Tₖ(x)` by Clenshaw's rule. */
export function chebyshevSeries(x: Tensor, coefficients: readonly number[]): Tensor {
  let [sum, before] = [x.mul(0), x.mul(0)];
  for (const coefficient of coefficients.slice(1).reverse()) {
    [sum, before] = [x.mul(2).mul(sum).sub(before).add(coefficient), sum];
  }
  return x
    .mul(sum)
    .sub(before)
    .add((coefficients[0] as number) / 2);
}
