import { ShapeError } from "../errors.js";
import { code, kernels } from "../launch.js";
import { record } from "../recorder.js";
import { formatShape, numberOfElements } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { batchOf, broadcastBatches, checkFloatSquare, checkMatrix, checkOneType, copyOf, turned } from "./matrix.js";
import { dense } from "./reduce.js";

/** Options of {@link solveTriangular}. */
export interface SolveTriangularOptions {
  /** Whether the equation is `A · X = B`, or `X · A = B`. Default true. */
  left?: boolean;
  /** Whether the diagonal of A counts as ones, and is not read. Default false. */
  unitriangular?: boolean;
}

/** Which of two layouts of matrices lies dense in memory: their own, or (transposed) by columns. */
function matricesOf(A: Tensor): { matrices: Tensor; transposed: number } {
  if (A.isContiguous()) return { matrices: A, transposed: 0 };
  const other = turned(A);
  return other.isContiguous() ? { matrices: other, transposed: 1 } : { matrices: dense(A), transposed: 0 };
}

/** The recorded primitive: `A · X = B` for one triangle of A, batches equal, everything checked. */
export function solveTriangle(A: Tensor, B: Tensor, upper: boolean, unitriangular: boolean): Tensor {
  const [n, columns] = B.shape.slice(-2) as [number, number];
  const X = copyOf(B);
  if (numberOfElements(B.shape) > 0) {
    const { matrices, transposed } = matricesOf(A);
    // The kernel names the triangle as it lies in memory.
    const isUpper = upper !== (transposed === 1);
    const flags = Number(isUpper) + 2 * transposed + 4 * Number(unitriangular);
    const batch = numberOfElements(batchOf(B));
    kernels.triangularSolve(code(B.dtype), flags, batch, n, columns, matrices.address, X.address);
  }
  return record("triangularSolve", [A, B], X, { upper, unitriangular });
}

/**
 * Solves `A · X = B`, or with `left: false` `X · A = B`, for triangular A: only that triangle is read. Batches broadcast.
 * Division by a 0 on the diagonal gives infinities and NaN.
 *
 * **Shapes** A: [..., n, n]; B: [..., n, k] (`left: false`: [..., k, n]); result: as B.
 * Options: `upper` (which triangle; it must be given), `left` (true), `unitriangular` (false).
 * @throws ShapeError if they do not fit; DTypeError for integers or different dtypes.
 * @example
 * const A = tensor([[2, 0], [1, 4]], { dtype: "float64" });
 * linalg.solveTriangular(A, tensor([[2], [9]], { dtype: "float64" }), { upper: false }); // → [[1], [2]]
 */
export function solveTriangular(A: Tensor, B: Tensor, options: SolveTriangularOptions & { upper: boolean }): Tensor {
  const { upper, left = true, unitriangular = false } = options;
  const op = "linalg.solveTriangular";
  checkFloatSquare(op, A);
  checkMatrix(op, B, "B");
  checkOneType(op, A, B);
  if (A.shape.at(-1) !== B.shape.at(left ? -2 : -1)) {
    const [rows, columns] = B.shape.slice(-2);
    const equation = left ? "AX = B" : "XA = B";
    throw new ShapeError(
      `${op}: incompatible shapes of A and B for the equation ${equation} (${A.shape.at(-2)}x${A.shape.at(-1)} and ${rows}x${columns}), got ${formatShape(A.shape)} and ${formatShape(B.shape)}`,
    );
  }
  if (!left) {
    return solveTriangular(A.transpose(-2, -1), B.transpose(-2, -1), { upper: !upper, unitriangular }).transpose(
      -2,
      -1,
    );
  }
  const [matrices, columns] = broadcastBatches(op, A, B);
  return solveTriangle(matrices, columns, upper, unitriangular);
}
