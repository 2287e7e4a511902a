import { allocate } from "../allocate.js";
import { ShapeError } from "../errors.js";
import { code, kernels } from "../launch.js";
import { noGrad, record } from "../recorder.js";
import { formatShape, numberOfElements } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { eye } from "./creation.js";
import {
  batchOf,
  broadcastBatches,
  checkFloatMatrix,
  checkFloatSquare,
  checkInfo,
  checkOneType,
  copyOf,
} from "./matrix.js";
import { solveTriangle } from "./triangular-solve.js";

/** Options of {@link cholesky} and its kind. */
export interface CholeskyOptions {
  /** Whether the factor is the upper triangle U of `A = Uᵀ · U` instead of the lower L of `A = L · Lᵀ`. Default false. */
  upper?: boolean;
}

function factorize(op: string, A: Tensor, upper: boolean): { L: Tensor; info: Tensor } {
  const n = checkFloatSquare(op, A);
  if (upper) {
    const { L, info } = factorize(op, A.transpose(-2, -1), false);
    return { L: L.transpose(-2, -1), info };
  }
  const L = copyOf(A);
  const info = allocate(batchOf(A), "int32");
  kernels.cholesky(code(A.dtype), numberOfElements(info.shape), n, L.address, info.address);
  return { L: record("cholesky", [A], L, undefined), info };
}

/**
 * Cholesky factor of symmetric positive-definite matrices: the lower triangle L of `A = L · Lᵀ`, or with `upper` the
 * upper triangle U of `A = Uᵀ · U`. Only that triangle of A is read; the gradient is symmetric.
 *
 * **Shapes** A: [..., n, n]; result: the same.
 * @throws LinAlgError if a matrix is not positive-definite; ShapeError if they are not square; DTypeError for integers.
 * @example linalg.cholesky(tensor([[4.0, 2], [2, 5]], { dtype: "float64" })); // → [[2, 0], [1, 2]]
 */
export function cholesky(A: Tensor, options: CholeskyOptions = {}): Tensor {
  const { L, info } = factorize("linalg.cholesky", A, options.upper ?? false);
  checkInfo(
    "linalg.cholesky",
    info,
    (order) =>
      `The factorization could not be completed because the input is not positive-definite (the leading minor of order ${order} is not positive-definite).`,
  );
  return L;
}

/**
 * `cholesky` that does not throw: `info` is 0, or the order of the first leading minor that is not positive.
 * @example linalg.choleskyEx(tensor([[1, 2], [2, 1]], { dtype: "float64" })).info; // → 2
 */
export function choleskyEx(A: Tensor, options: CholeskyOptions = {}): { L: Tensor; info: Tensor } {
  return factorize("linalg.choleskyEx", A, options.upper ?? false);
}

/**
 * Solves `A · X = B` with the Cholesky factor of A. Batches broadcast. The gradient is that of `L · Lᵀ`: it has elements
 * beyond the triangle too.
 *
 * **Shapes** B: [..., n, k]; L: [..., n, n], lower, or with `upper` the upper factor; result: as B.
 * @throws ShapeError if they do not fit; DTypeError for integers or different dtypes.
 * @example
 * const L = tensor([[2, 0], [1, 2]], { dtype: "float64" });
 * choleskySolve(tensor([[8], [9]], { dtype: "float64" }), L); // → [[1.375], [1.25]]
 */
export function choleskySolve(B: Tensor, L: Tensor, options: CholeskyOptions = {}): Tensor {
  const { upper = false } = options;
  const op = "choleskySolve";
  const [rows] = checkFloatMatrix(op, B, "B");
  const n = checkFloatSquare(op, L, "L");
  checkOneType(op, L, B);
  if (rows !== n) {
    throw new ShapeError(
      `${op}: B ${formatShape(B.shape)} does not fit the factor ${formatShape(L.shape)}: ${rows} rows for ${n}`,
    );
  }
  const [factor, columns] = broadcastBatches(op, upper ? L.transpose(-2, -1) : L, B);
  const X = noGrad(() =>
    solveTriangle(factor.transpose(-2, -1), solveTriangle(factor, columns, false, false), true, false),
  );
  return record("choleskySolve", [columns, factor], X, undefined);
}

/**
 * The inverse of A from its Cholesky factor: `(L · Lᵀ)⁻¹`, or with `upper` `(Uᵀ · U)⁻¹`. **Shapes** L: [..., n, n].
 * @example choleskyInverse(tensor([[2, 0], [0, 4]], { dtype: "float64" })); // → [[0.25, 0], [0, 0.0625]]
 */
export function choleskyInverse(L: Tensor, options: CholeskyOptions = {}): Tensor {
  const n = checkFloatSquare("choleskyInverse", L, "L");
  return choleskySolve(eye(n, { dtype: L.dtype }), L, options);
}
