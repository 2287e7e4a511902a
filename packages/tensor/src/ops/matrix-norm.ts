import { filled } from "../allocate.js";
import { ShapeError, UsageError } from "../errors.js";
import { formatShape, normalizeDims, numberOfElements } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { cast } from "./elementwise.js";
import { batchOf, checkFloat, checkFloatMatrix, checkFloatSquare, checkMatrix } from "./matrix.js";
import { type SumOptions, vectorNorm } from "./reduction.js";
import { invEx } from "./solve.js";
import { svdvals } from "./svd.js";
import { where } from "./where.js";

/** "fro" √Σ x², "nuc" Σ of the singular values, ±Infinity and ±1 largest or smallest sum of magnitudes of a row or a column, ±2 singular value. */
export type MatrixNormOrder = "fro" | "nuc" | number;

const orders: readonly MatrixNormOrder[] = [
  "fro",
  "nuc",
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  1,
  -1,
  2,
  -2,
];

/**
 * Norm of matrices: "fro" `√Σ x²`, "nuc" the sum of the singular values, 2 and −2 the largest and the smallest of them,
 * 1 and −1 the largest and the smallest sum of magnitudes of a column, Infinity and −Infinity of a row.
 *
 * **Shapes** A: any of at least two dimensions; `dim` names rows and columns (default the last two); result: without
 * them, or with them as ones (`keepdim`). Options: `keepdim` (false), `dtype` (to compute in).
 * @throws UsageError for another order; ShapeError for other than two different dimensions; DTypeError for integers.
 * @example linalg.matrixNorm(tensor([[3, 0], [4, 0]], { dtype: "float64" }), "nuc"); // → 5.000
 */
export function matrixNorm(
  A: Tensor,
  ord: MatrixNormOrder = "fro",
  dim: readonly number[] = [-2, -1],
  options: SumOptions = {},
): Tensor {
  const op = "linalg.matrixNorm";
  checkMatrix(op, A);
  const x = options.dtype === undefined ? A : cast(A, options.dtype);
  checkFloat(op, x);
  if (!orders.includes(ord)) throw new UsageError(`${op}: order must be one of ${orders.join(", ")}, got ${ord}`);
  if (dim.length !== 2) throw new ShapeError(`${op}: dim must name two dimensions, got ${formatShape(dim)}`);
  const [rows, columns] = normalizeDims(op, dim, x.ndim) as [number, number];
  const { keepdim = false } = options;
  if (ord === "fro") return vectorNorm(x, 2, [rows, columns], { keepdim });
  const moved = x.movedim([rows, columns], [-2, -1]);
  const norms = lastTwo(moved, ord);
  if (!keepdim) return norms;
  const [first, second] = rows < columns ? [rows, columns] : [columns, rows];
  return norms.unsqueeze(first).unsqueeze(second);
}

function lastTwo(A: Tensor, ord: Exclude<MatrixNormOrder, "fro">): Tensor {
  if (ord === "nuc") return svdvals(A).sum(-1);
  const values = Math.abs(ord) === 2 ? svdvals(A) : A.abs().sum(Math.abs(ord) === 1 ? -2 : -1);
  return ord > 0 ? values.amax(-1) : values.amin(-1);
}

/**
 * Norm of vectors or of matrices. Without `ord` the 2-norm, over all elements if `dim` is not given; else of one dimension
 * the vector norm, of two the matrix norm; without `dim` the rank of A (1 or 2) decides.
 *
 * Options: `keepdim` (false), `dtype` (to compute in). See `vectorNorm` and `matrixNorm`.
 * @throws ShapeError where neither fits; UsageError for an order that the norm does not have.
 * @example linalg.norm(tensor([[1, -2], [3, 4]], { dtype: "float64" }), 1); // → 6
 */
export function norm(
  A: Tensor,
  ord: MatrixNormOrder | null = null,
  dim: number | readonly number[] | null = null,
  options: SumOptions = {},
): Tensor {
  if (ord === null) return vectorNorm(A, 2, dim, options);
  const op = "linalg.norm";
  const dims = typeof dim === "number" ? [dim] : dim;
  if (dims !== null && dims.length !== 1 && dims.length !== 2) {
    throw new ShapeError(`${op}: dim must name one or two dimensions, got ${formatShape(dims)}`);
  }
  if (dims === null && A.ndim !== 1 && A.ndim !== 2) {
    throw new ShapeError(
      `${op}: with ord and without dim, A must have one or two dimensions, got ${formatShape(A.shape)}`,
    );
  }
  const isMatrix = typeof ord === "string" || (dims?.length ?? A.ndim) === 2;
  if (!isMatrix) return vectorNorm(A, ord, dims, options);
  if (dims === null && A.ndim === 1) {
    throw new ShapeError(`${op}: order "${ord}" is a norm of matrices, got ${formatShape(A.shape)}`);
  }
  return matrixNorm(A, ord, dims ?? [0, 1], options);
}

/**
 * Condition number `‖A‖ · ‖A⁻¹‖` in a matrix norm; by default, and for ±2, the ratio of the largest and the smallest
 * singular value. Infinity for singular matrices.
 *
 * **Shapes** A: [..., n, n]; [..., m, n] without `p` and for ±2; result: [...].
 * @throws UsageError for another norm; ShapeError if the matrices are not square where they must be.
 * @example linalg.cond(tensor([[4, 0], [0, 2]], { dtype: "float64" })); // → 2.000
 */
export function cond(A: Tensor, p: MatrixNormOrder | null = null): Tensor {
  const op = "linalg.cond";
  checkFloatMatrix(op, A);
  if (p !== null && !orders.includes(p)) throw new UsageError(`${op}: p must be one of ${orders.join(", ")}, got ${p}`);
  const isRatio = p === null || p === 2 || p === -2;
  if (!isRatio) checkFloatSquare(op, A);
  if (numberOfElements(A.shape) === 0) return filled(batchOf(A), A.dtype, 0);
  if (isRatio) {
    const S = svdvals(A);
    const [largest, smallest] = [S.select(-1, 0), S.select(-1, -1)];
    return p === -2 ? smallest.div(largest) : largest.div(smallest);
  }
  const { inverse, info } = invEx(A);
  const isSingular = info.ne(0);
  const defined = where(isSingular.unsqueeze(-1).unsqueeze(-1), 1, inverse);
  return where(isSingular, Number.POSITIVE_INFINITY, matrixNorm(A, p).mul(matrixNorm(defined, p)));
}
