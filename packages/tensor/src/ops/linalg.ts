import { ShapeError, UsageError } from "../errors.js";
import { formatShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { onesLike } from "./creation.js";
import { stack } from "./join.js";
import { cross as crossAnywhere } from "./linear-algebra.js";

export { LinAlgError } from "../errors.js";
export { type CholeskyOptions, cholesky, choleskyEx } from "./cholesky.js";
export { det, type SignAndLogarithm, slogdet } from "./determinant.js";
export { type Eigensystem, eigh, eigvalsh } from "./eigh.js";
export { matrixPower } from "./linear-algebra.js";
export {
  type LuFactors,
  type LuMatrices,
  type LuSolveOptions,
  lu,
  luFactor,
  luFactorEx,
  luSolve,
  luUnpack,
} from "./lu.js";
export { matmul } from "./matmul.js";
export { matrixExp } from "./matrix-exp.js";
export { cond, type MatrixNormOrder, matrixNorm, norm } from "./matrix-norm.js";
export { multiDot } from "./multi-dot.js";
export { type LeastSquares, type LstsqOptions, lstsq, matrixRank, pinv, type RankOptions } from "./pinv.js";
export { householderProduct, type QrFactors, type QrMode, qr } from "./qr.js";
export { vectorNorm } from "./reduction.js";
export {
  inv,
  invEx,
  type SolveOptions,
  solve,
  solveEx,
  type TensorsolveOptions,
  tensorinv,
  tensorsolve,
} from "./solve.js";
export { type SvdFactors, type SvdOptions, svd, svdvals } from "./svd.js";
export { type SolveTriangularOptions, solveTriangular } from "./triangular-solve.js";

/**
 * Cross product of vectors of three elements along `dim`; shapes broadcast, their ranks are equal.
 *
 * @throws ShapeError if the ranks differ, or the dimension is not of size 3.
 * @example linalg.cross(tensor([1, 0, 0]), tensor([0, 1, 0])); // → [0, 0, 1]
 */
export function cross(x: Tensor, other: Tensor, options: { dim?: number } = {}): Tensor {
  if (x.ndim !== other.ndim) {
    throw new ShapeError(
      `linalg.cross: inputs must have the same number of dimensions, got ${formatShape(x.shape)} and ${formatShape(other.shape)}`,
    );
  }
  return crossAnywhere(x, other, options.dim ?? -1);
}

/**
 * The diagonal of the last two dimensions (or of `dim1` and `dim2`) as the last dimension, as a view.
 * @example linalg.diagonal(tensor([[1, 2], [3, 4]])); // → [1, 4]
 */
export function diagonal(A: Tensor, options: { offset?: number; dim1?: number; dim2?: number } = {}): Tensor {
  const { offset = 0, dim1 = -2, dim2 = -1 } = options;
  return A.diagonal(offset, dim1, dim2);
}

/**
 * Sum of products along `dim`, `Σ xᵢ yᵢ`; shapes broadcast.
 * @example linalg.vecdot(tensor([[1, 2], [3, 4]]), tensor([1, 1])); // → [3, 7]
 */
export function vecdot(x: Tensor, y: Tensor, options: { dim?: number } = {}): Tensor {
  return x.mul(y).sum(options.dim ?? -1);
}

/**
 * Vandermonde matrices: row i holds the powers `xᵢ⁰, xᵢ¹, …`, N of them.
 *
 * **Shapes** x: [..., n]; result: [..., n, N]. Options: `N` (default n).
 * @throws UsageError if N is not above 1; ShapeError for a scalar.
 * @example linalg.vander(tensor([1, 2, 3])); // → [[1, 1, 1], [1, 2, 4], [1, 3, 9]]
 */
export function vander(x: Tensor, options: { N?: number } = {}): Tensor {
  const { N = x.shape.at(-1) } = options;
  if (N === undefined) throw new ShapeError("linalg.vander: expected at least one dimension, got a scalar");
  if (!Number.isInteger(N) || N <= 1) throw new UsageError(`linalg.vander: N must be greater than 1, got ${N}`);
  return stack([onesLike(x), ...Array.from({ length: N - 1 }, () => x)], -1).cumprod(-1);
}
