import { isFloatingPoint, resultType } from "../dtype.js";
import { DTypeError } from "../errors.js";
import { noGrad } from "../recorder.js";
import type { Tensor } from "../tensor.js";
import { where } from "./where.js";

/**
 * The greatest common divisor, never negative; of 0 and 0 it is 0. Elementwise with broadcasting, of integers.
 *
 * @throws DTypeError for other types.
 * @example gcd(tensor([12, 0, -9]), tensor([18, 5, 6])); // → [6, 5, 3]
 */
export function gcd(x: Tensor, other: Tensor): Tensor {
  const dtype = resultType(x, other);
  if (isFloatingPoint(dtype) || dtype === "bool") {
    throw new DTypeError(`gcd: expected integers, got ${x.dtype} and ${other.dtype}; convert with .to("int32")`);
  }
  return noGrad(() => {
    // Euclid's algorithm, everywhere at once.
    let divisor = x.to(dtype).abs().add(other.to(dtype).mul(0));
    let rest = other.to(dtype).abs().expand(divisor.shape);
    while (rest.any().item() !== 0) {
      const goesOn = rest.ne(0);
      const next = divisor.remainder(where(goesOn, rest, 1));
      divisor = where(goesOn, rest, divisor);
      rest = where(goesOn, next, 0);
    }
    return divisor;
  });
}

/**
 * The least common multiple, never negative; 0 if either is 0. Elementwise with broadcasting, of integers.
 *
 * @throws DTypeError for other types.
 * @example lcm(tensor([4, 0, -6]), tensor([6, 5, 4])); // → [12, 0, 12]
 */
export function lcm(x: Tensor, other: Tensor): Tensor {
  const divisor = gcd(x, other);
  const safe = where(divisor.eq(0), 1, divisor);
  return noGrad(() => x.floorDivide(safe).mul(other).abs());
}
