import { ShapeError, UsageError } from "../errors.js";
import { broadcastShapes, formatShape, normalizeDim } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { eye, zeros } from "./creation.js";
import { type LuFactors, luSolve as linalgLuSolve, luFactorEx } from "./lu.js";
import { checkSquare } from "./matrix.js";
import { pinv } from "./pinv.js";
import { householderProduct, qr as linalgQr, type QrFactors } from "./qr.js";
import { inv } from "./solve.js";
import { svd as linalgSvd, svdvals } from "./svd.js";
import { solveTriangular } from "./triangular-solve.js";

export { type CholeskyOptions, cholesky, choleskyInverse, choleskySolve } from "./cholesky.js";
export { det, logdet, type SignAndLogarithm, slogdet } from "./determinant.js";
export { type LuFactors, type LuMatrices, luUnpack } from "./lu.js";
export { matrixExp } from "./matrix-exp.js";
export { geqrf, type QrFactors } from "./qr.js";

/**
 * Cross product of vectors of three elements along `dim`. Without `dim`, the first dimension of size 3 is taken.
 *
 * **Shapes** x, other: any that broadcast; result: the common shape.
 * @throws ShapeError if there is no dimension of size 3, or that given is none.
 * @example cross(tensor([1, 0, 0]), tensor([0, 1, 0])); // → [0, 0, 1]
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
 * A square matrix to a whole power, by repeated squaring; the power 0 is the identity, below 0 the inverse is raised.
 *
 * **Shapes** x: [..., n, n]; result: the same.
 * @throws ShapeError if the matrices are not square; UsageError for a power that is no whole number; LinAlgError for a
 * power below 0 of a singular matrix.
 * @example matrixPower(tensor([[1, 1], [0, 1]]), 3); // → [[1, 3], [0, 1]]
 */
export function matrixPower(x: Tensor, n: number): Tensor {
  const size = checkSquare("matrixPower", x);
  if (!Number.isInteger(n)) throw new UsageError(`matrixPower: the power must be a whole number, got ${n}`);
  if (n < 0) return matrixPower(inv(x), -n);
  if (n === 0) return eye(size, { dtype: x.dtype }).expand(x.shape).clone();
  const half = n > 1 ? matrixPower(x.matmul(x), Math.floor(n / 2)) : null;
  if (half === null) return x;
  return n % 2 === 0 ? half : half.matmul(x);
}

/**
 * `linalg.inv` under PyTorch's older name.
 * @example inverse(tensor([[2, 0], [0, 4]], { dtype: "float64" })); // → [[0.5, 0], [0, 0.25]]
 */
export function inverse(x: Tensor): Tensor {
  return inv(x);
}

/**
 * `linalg.pinv` with its older argument: singular values up to `rcond` times the largest count as 0 (default 1e-15).
 * Options: `hermitian` (false).
 * @example pinverse(tensor([[1], [1]], { dtype: "float64" })); // → [[0.500, 0.500]]
 */
export function pinverse(x: Tensor, rcond: number | Tensor = 1e-15, options: { hermitian?: boolean } = {}): Tensor {
  return pinv(x, { rtol: rcond, ...options });
}

/**
 * `linalg.qr` with its older argument: `some` false is the mode "complete".
 * @example qr(tensor([[3], [4]], { dtype: "float64" })).R; // → [[-5.000]]
 */
export function qr(x: Tensor, some = true): QrFactors {
  return linalgQr(x, some ? "reduced" : "complete");
}

/**
 * Singular value decomposition `x = U · diag(S) · Vᵀ`, with V and not its transpose as `linalg.svd` gives it.
 *
 * **Shapes** x: [..., m, n], k = min(m, n); U: [..., m, k] or, unless `some`, [..., m, m]; V: [..., n, k] or [..., n, n].
 * Without `computeUv` U and V are zeros, square.
 * @example svd(tensor([[3], [4]], { dtype: "float64" })).S; // → [5.000]
 */
export function svd(x: Tensor, some = true, computeUv = true): { U: Tensor; S: Tensor; V: Tensor } {
  if (computeUv) {
    const { U, S, Vh } = linalgSvd(x, { fullMatrices: !some });
    return { U, S, V: Vh.transpose(-2, -1) };
  }
  const S = svdvals(x);
  const [batch, m, n] = [x.shape.slice(0, -2), x.shape.at(-2) as number, x.shape.at(-1) as number];
  const nothing = (size: number): Tensor => zeros([...batch, size, size], { dtype: x.dtype });
  return { U: nothing(m), S, V: nothing(n) };
}

/**
 * `linalg.luFactorEx` under PyTorch's older name, without the codes.
 * @example lu(tensor([[1, 2], [4, 4]], { dtype: "float64" })); // → { LU: [[4, 4], [0.25, 1]], pivots: [2, 2] }
 */
export function lu(x: Tensor): LuFactors {
  const { LU, pivots } = luFactorEx(x);
  return { LU, pivots };
}

/**
 * `linalg.luSolve` with the older order of arguments: the right side first.
 * @example
 * const { LU, pivots } = lu(tensor([[1, 2], [4, 4]], { dtype: "float64" }));
 * luSolve(tensor([[5], [12]], { dtype: "float64" }), LU, pivots); // → [[1], [2]]
 */
export function luSolve(x: Tensor, LU: Tensor, pivots: Tensor): Tensor {
  return linalgLuSolve(LU, pivots, x);
}

/** Options of {@link triangularSolve}. */
export interface TriangularSolveOptions {
  /** Which triangle of A is read. Default true. */
  upper?: boolean;
  /** Whether to solve with the transpose of A. Default false. */
  transpose?: boolean;
  /** Whether the diagonal of A counts as ones. Default false. */
  unitriangular?: boolean;
}

/**
 * `linalg.solveTriangular` under PyTorch's older name: solves `A · X = x` with A upper triangular.
 * @example
 * const A = tensor([[2, 2], [0, 4]], { dtype: "float64" });
 * triangularSolve(tensor([[6], [8]], { dtype: "float64" }), A).solution; // → [[1], [2]]
 */
export function triangularSolve(
  x: Tensor,
  A: Tensor,
  options: TriangularSolveOptions = {},
): { solution: Tensor; clonedCoefficient: Tensor } {
  const { upper = true, transpose = false, unitriangular = false } = options;
  const matrices = transpose ? A.transpose(-2, -1) : A;
  const solution = solveTriangular(matrices, x, { upper: upper !== transpose, unitriangular });
  return { solution, clonedCoefficient: A.clone() };
}

/**
 * `linalg.householderProduct` under LAPACK's name.
 * @example
 * const { a, tau } = geqrf(tensor([[3], [4]], { dtype: "float64" }));
 * orgqr(a, tau); // → [[-0.600], [-0.800]]
 */
export function orgqr(x: Tensor, tau: Tensor): Tensor {
  return householderProduct(x, tau);
}
