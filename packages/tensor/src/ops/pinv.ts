import { allocate, filled, scalar } from "../allocate.js";
import { type DType, isFloatingPoint } from "../dtype.js";
import { DTypeError, ShapeError, UsageError } from "../errors.js";
import { noGrad, record } from "../recorder.js";
import { broadcastShapes, formatShape, numberOfElements, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { eigh, eigvalsh } from "./eigh.js";
import { batchOf, checkFloatMatrix, checkFloatSquare, checkOneType } from "./matrix.js";
import { svd, svdvals } from "./svd.js";
import { where } from "./where.js";

/** A tolerance for all matrices, or one for each of the batch. */
type Tolerance = number | Tensor;

/** Options of {@link matrixRank} and {@link pinv}: which singular values count as 0. */
export interface RankOptions {
  /** Singular values up to this count as 0. Default 0. */
  atol?: Tolerance | null;
  /** So do those up to this share of the largest. Default: ε · max(m, n), or 0 if atol is given and above 0. */
  rtol?: Tolerance | null;
  /** Whether A is symmetric: then only its lower triangle is read. Default false. */
  hermitian?: boolean;
}

/** Options of {@link lstsq}. */
export interface LstsqOptions {
  /** Singular values up to this share of the largest count as 0. Default: ε · max(m, n). Not used by "gels". */
  rcond?: number | null;
  /** LAPACK's name of the method. "gels" wants independent columns (or rows); the others do not. Default "gelsy". */
  driver?: "gels" | "gelsy" | "gelsd" | "gelss";
}

/** What {@link lstsq} gives. */
export interface LeastSquares {
  readonly solution: Tensor;
  /** Sums of squares of what is left over, if there are more equations than unknowns and A has full rank; else, and for "gelsy", empty. */
  readonly residuals: Tensor;
  /** int32; empty for "gels". */
  readonly rank: Tensor;
  /** For "gelsd" and "gelss"; else empty. */
  readonly singularValues: Tensor;
}

const epsilon = (dtype: DType): number => (dtype === "float64" ? 2 ** -52 : 2 ** -23);

function toleranceTensor(op: string, name: string, value: Tolerance, dtype: DType): Tensor {
  if (typeof value === "number") return scalar(value, dtype);
  if (!isFloatingPoint(value.dtype)) {
    throw new DTypeError(`${op}: ${name} must be floating point, got ${value.dtype}; convert with .to("float32")`);
  }
  return value.to(dtype);
}

/** For each matrix what a singular value must exceed; `largest` as [..., 1], the result too. Nothing is recorded. */
function threshold(op: string, A: Tensor, largest: Tensor, options: RankOptions): Tensor {
  const atol = toleranceTensor(op, "atol", options.atol ?? 0, A.dtype);
  const usual = epsilon(A.dtype) * Math.max(...A.shape.slice(-2));
  const rtol =
    options.rtol === undefined || options.rtol === null
      ? where(atol.gt(0), 0, scalar(usual, A.dtype))
      : toleranceTensor(op, "rtol", options.rtol, A.dtype);
  const column = (x: Tensor): Tensor => (x.ndim === 0 ? x : x.unsqueeze(-1));
  return column(atol).maximum(column(rtol).mul(largest));
}

/**
 * Pseudoinverse (Moore–Penrose): of the singular values those above `max(atol, rtol · largest)` are inverted, the others
 * become 0. Differentiable where the rank does not change.
 *
 * **Shapes** A: [..., m, n]; result: [..., n, m]; tolerances: numbers, or tensors that broadcast with [...].
 * Options: `atol` (0), `rtol` (ε · max(m, n)), `hermitian` (false).
 * @throws ShapeError without two dimensions; DTypeError for integers.
 * @example linalg.pinv(tensor([[1], [1]], { dtype: "float64" })); // → [[0.500, 0.500]]
 */
export function pinv(A: Tensor, options: RankOptions = {}): Tensor {
  const op = "linalg.pinv";
  const [m, n] = options.hermitian ? [checkFloatSquare(op, A), A.shape.at(-1) as number] : checkFloatMatrix(op, A);
  const result = noGrad(() => {
    if (numberOfElements(A.shape) === 0) return filled([...batchOf(A), n, m], A.dtype, 0);
    if (options.hermitian) {
      const { eigenvalues: L, eigenvectors: V } = eigh(A);
      const size = L.abs();
      const kept = size.gt(threshold(op, A, size.amax(-1, { keepdim: true }), options));
      return V.mul(where(kept, L.reciprocal(), 0).unsqueeze(-2)).matmul(V.transpose(-2, -1));
    }
    const { U, S, Vh } = svd(A, { fullMatrices: false });
    const kept = S.gt(threshold(op, A, S.narrow(-1, 0, 1), options));
    return Vh.transpose(-2, -1)
      .mul(where(kept, S.reciprocal(), 0).unsqueeze(-2))
      .matmul(U.transpose(-2, -1));
  });
  return record("pinv", [A], result, undefined);
}

/**
 * Rank: how many singular values exceed `max(atol, rtol · largest)`, as int32.
 *
 * **Shapes** A: [..., m, n]; result: [...]; tolerances as for `pinv`.
 * @example linalg.matrixRank(tensor([[1, 2], [2, 4]], { dtype: "float64" })); // → 1
 */
export function matrixRank(A: Tensor, options: RankOptions = {}): Tensor {
  const op = "linalg.matrixRank";
  return noGrad(() => {
    checkFloatMatrix(op, A);
    const S = options.hermitian ? eigvalsh(A).abs() : svdvals(A);
    if (numberOfElements(A.shape) === 0) return filled(batchOf(A), "int32", 0);
    return S.gt(threshold(op, A, S.amax(-1, { keepdim: true }), options)).sum(-1);
  });
}

/** The shape of B as matrices, for equations whose unknowns may be vectors. */
function rightSide(A: Tensor, B: Tensor): { columns: Tensor; isVector: boolean } {
  const isVector = B.ndim === A.ndim - 1 && sameShape(B.shape, A.shape.slice(0, -1));
  const columns = isVector ? B.unsqueeze(-1) : B;
  if (columns.ndim < 2 || columns.shape.at(-2) !== A.shape.at(-2)) {
    throw new ShapeError(
      `linalg.lstsq: A and B must have as many rows, got ${formatShape(A.shape)} and ${formatShape(B.shape)}`,
    );
  }
  return { columns, isVector };
}

/**
 * Least squares: the X that makes `‖A · X − B‖` smallest, of several the shortest. Differentiable in A and B.
 *
 * **Shapes** A: [..., m, n]; B: [..., m, k] or [..., m]; solution: [..., n, k] or [..., n]; residuals: [..., k];
 * rank: [...]; singularValues: [..., min(m, n)]. Batches broadcast.
 * Options: `rcond` (ε · max(m, n)), `driver` ("gelsy"). All drivers use the singular values here.
 * @throws ShapeError if they do not fit; DTypeError for integers or different dtypes; UsageError for another driver.
 * @example
 * const A = tensor([[1, 0], [1, 1], [1, 2]], { dtype: "float64" });
 * linalg.lstsq(A, tensor([[1], [3], [5]], { dtype: "float64" })).solution; // → [[1.000], [2.000]]
 */
export function lstsq(A: Tensor, B: Tensor, options: LstsqOptions = {}): LeastSquares {
  const { driver = "gelsy" } = options;
  const op = "linalg.lstsq";
  const [m, n] = checkFloatMatrix(op, A);
  checkOneType(op, A, B);
  if (!["gels", "gelsy", "gelsd", "gelss"].includes(driver)) {
    throw new UsageError(`${op}: driver must be "gels", "gelsy", "gelsd" or "gelss", got "${driver}"`);
  }
  const { columns, isVector } = rightSide(A, B);
  const batch = broadcastShapes(op, batchOf(A), batchOf(columns));
  const rtol = driver === "gels" ? 0 : (options.rcond ?? null);
  const solution = pinv(A, { rtol }).matmul(columns);
  const nothing = allocate([0], A.dtype);
  const S = noGrad(() => svdvals(A));
  const rank = matrixRank(A, { rtol });
  const hasFullRank = driver === "gels" || rank.eq(n).all().item() === 1;
  const hasResiduals = driver !== "gelsy" && m > n && hasFullRank;
  return {
    solution: isVector ? solution.squeeze(-1) : solution,
    residuals: hasResiduals
      ? A.matmul(solution)
          .sub(columns)
          .square()
          .sum(-2)
          .expand([...batch, columns.shape.at(-1) as number])
      : nothing,
    rank: driver === "gels" ? allocate([0], "int32") : rank,
    singularValues: driver === "gelsd" || driver === "gelss" ? S : nothing,
  };
}
