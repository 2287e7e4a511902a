import { getNumThreads } from "@kindling/kernels";
import { allocate } from "../allocate.js";
import { code, kernels } from "../launch.js";
import { isRecording, recordAll } from "../recorder.js";
import { withScratch } from "../scratch.js";
import { numberOfElements } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { whyNotFound } from "./eigh.js";
import { batchOf, checkFloatMatrix, checkInfo, turned } from "./matrix.js";
import { dense } from "./reduce.js";

/** `A = U · diag(S) · Vh`. */
export interface SvdFactors {
  /** Left singular vectors as columns. */
  readonly U: Tensor;
  /** Singular values, in descending order. */
  readonly S: Tensor;
  /** Right singular vectors as rows. */
  readonly Vh: Tensor;
}

/** Options of {@link svd}. */
export interface SvdOptions {
  /** Whether U and Vh are square, or have as many columns and rows as there are singular values. Default true. */
  fullMatrices?: boolean;
}

interface Found {
  readonly S: Tensor;
  /** As rows: left (or of wide matrices right) singular vectors, and the others. */
  readonly vectors: readonly [long: Tensor, short: Tensor] | null;
}

/** The kernel takes tall matrices by columns: a wide one is the transpose of one that lies by rows. */
function runSvd(op: string, A: Tensor, withVectors: boolean, fullMatrices: boolean): Found {
  const [m, n] = checkFloatMatrix(op, A);
  const batch = batchOf(A);
  const [rows, columns] = [Math.max(m, n), Math.min(m, n)];
  const count = fullMatrices ? rows : columns;
  const source = dense(m >= n ? turned(A) : A);
  const S = allocate([...batch, columns], A.dtype);
  const long = withVectors ? allocate([...batch, count, rows], A.dtype) : null;
  const short = withVectors ? allocate([...batch, columns, columns], A.dtype) : null;
  const info = allocate(batch, "int32");
  const bytes = getNumThreads() * (columns * rows + 2 * columns * columns + 4 * columns + rows) * 8;
  withScratch(bytes, (scratch) =>
    kernels.svd(
      code(A.dtype),
      numberOfElements(batch),
      rows,
      columns,
      count,
      source.address,
      S.address,
      long?.address ?? 0,
      short?.address ?? 0,
      info.address,
      scratch,
    ),
  );
  checkInfo(op, info, whyNotFound);
  return { S, vectors: long === null || short === null ? null : [long, short] };
}

/**
 * Singular value decomposition: `A = U · diag(S) · Vh`, U and Vh orthogonal. Small singular values are accurate too.
 * The signs of singular vectors are not determined. Differentiable; gradients through U and Vh are not finite where
 * singular values are equal (or, of matrices that are not square, 0).
 *
 * **Shapes** A: [..., m, n], k = min(m, n); U: [..., m, m]; S: [..., k]; Vh: [..., n, n]; with `fullMatrices: false`
 * U: [..., m, k] and Vh: [..., k, n].
 * @throws LinAlgError for NaN or infinities; ShapeError without two dimensions; DTypeError for integers.
 * @example
 * const { U, S, Vh } = linalg.svd(tensor([[3, 0], [4, 0]], { dtype: "float64" }), { fullMatrices: false });
 * S; // → [5.000, 0]
 * U.mul(S).matmul(Vh); // → [[3.000, 0], [4.000, 0]]
 */
export function svd(A: Tensor, options: SvdOptions = {}): SvdFactors {
  const { S, vectors } = runSvd("linalg.svd", A, true, options.fullMatrices ?? true);
  const [long, short] = vectors as readonly [Tensor, Tensor];
  const isTall = (A.shape.at(-2) as number) >= (A.shape.at(-1) as number);
  const [U, Vh] = isTall ? [turned(long), short] : [turned(short), long];
  recordAll("svd", [A], [U, S, Vh], undefined);
  return { U, S, Vh };
}

/**
 * Singular values in descending order, without their vectors. See `svd`. **Shapes** result: [..., min(m, n)].
 * @example linalg.svdvals(tensor([[3, 0], [4, 0]], { dtype: "float64" })); // → [5.000, 0]
 */
export function svdvals(A: Tensor): Tensor {
  return isRecording([A]) ? svd(A, { fullMatrices: false }).S : runSvd("linalg.svdvals", A, false, false).S;
}
