import { ShapeError, UsageError } from "../errors.js";
import { broadcastShapes, formatShape, normalizeDim } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { eye } from "./creation.js";

/**
 * Cross product of vectors of three elements along `dim`; shapes broadcast.
 *
 * Without `dim`, the first dimension of size 3 is taken.
 * @throws ShapeError if there is no dimension of size 3, or that given is none.
 * @example cross(tensor([1, 0, 0]), tensor([0, 1, 0])).toArray(); // [0, 0, 1]
 */
export function cross(x: Tensor, other: Tensor, dim: number | null = null): Tensor {
  const shape = broadcastShapes("cross", x.shape, other.shape);
  const along = dim === null ? shape.indexOf(3) : normalizeDim("cross", dim, shape.length);
  if (shape[along] !== 3) {
    throw new ShapeError(
      `cross: expected ${dim === null ? "a dimension" : `dimension ${dim}`} of size 3, got ${formatShape(shape)}`,
    );
  }
  const [a, b] = [x.expand(shape), other.expand(shape)];
  const next = (value: Tensor): Tensor => value.roll(-1, along);
  // (a × b)ᵢ = aᵢ₊₁ · bᵢ₊₂ − aᵢ₊₂ · bᵢ₊₁
  return next(a)
    .mul(next(next(b)))
    .sub(next(next(a)).mul(next(b)));
}

/**
 * A square matrix to a whole power, by repeated squaring; the power 0 is the identity.
 *
 * **Shapes** x: [..., n, n]; result: the same.
 * @throws ShapeError if the matrices are not square; UsageError for a power that is no whole number or below 0.
 */
export function matrixPower(x: Tensor, n: number): Tensor {
  const size = x.shape.at(-1);
  if (x.ndim < 2 || size !== x.shape.at(-2)) {
    throw new ShapeError(`matrixPower: expected square matrices, got ${formatShape(x.shape)}`);
  }
  if (!Number.isInteger(n) || n < 0) {
    throw new UsageError(`matrixPower: the power must be a whole number of at least 0, got ${n}`);
  }
  if (n === 0)
    return eye(size as number, { dtype: x.dtype })
      .expand(x.shape)
      .clone();
  const half = n > 1 ? matrixPower(x.matmul(x), Math.floor(n / 2)) : null;
  if (half === null) return x;
  return n % 2 === 0 ? half : half.matmul(x);
}
