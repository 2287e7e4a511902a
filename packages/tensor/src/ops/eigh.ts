import { getNumThreads } from "@kindling/kernels";
import { allocate } from "../allocate.js";
import { UsageError } from "../errors.js";
import { code, kernels } from "../launch.js";
import { isRecording, recordAll } from "../recorder.js";
import { withScratch } from "../scratch.js";
import { numberOfElements } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { batchOf, checkFloatSquare, checkInfo, turned } from "./matrix.js";
import { dense } from "./reduce.js";

/** What {@link eigh} gives. */
export interface Eigensystem {
  /** In ascending order. */
  readonly eigenvalues: Tensor;
  /** As columns, of length 1; the sign of each is not determined. */
  readonly eigenvectors: Tensor;
}

/** What the iterations of `eigh` and `svd` give up on, by the code of the kernel. */
export function whyNotFound(found: number): string {
  return found === -1
    ? "The algorithm failed to converge because the input matrix contained non-finite values."
    : "The algorithm failed to converge because the input matrix is ill-conditioned or has too many repeated values.";
}

function runEigh(
  op: string,
  A: Tensor,
  UPLO: string,
  withVectors: boolean,
): { values: Tensor; vectors: Tensor | null } {
  const n = checkFloatSquare(op, A);
  const triangle = typeof UPLO === "string" ? UPLO.toUpperCase() : UPLO;
  if (triangle !== "L" && triangle !== "U") throw new UsageError(`${op}: UPLO must be "L" or "U", got "${UPLO}"`);
  const batch = batchOf(A);
  const source = dense(triangle === "L" ? A : turned(A));
  const values = allocate([...batch, n], A.dtype);
  const vectors = withVectors ? allocate(A.shape, A.dtype) : null;
  const info = allocate(batch, "int32");
  const count = numberOfElements(batch);
  withScratch(getNumThreads() * (2 * n * n + 35 * n) * 8, (scratch) => {
    const target = vectors === null ? 0 : vectors.address;
    kernels.eigh(code(A.dtype), count, n, source.address, values.address, target, info.address, scratch);
  });
  checkInfo(op, info, whyNotFound);
  return { values, vectors: vectors === null ? null : turned(vectors) };
}

/**
 * Eigenvalues and eigenvectors of symmetric matrices: `A = V · diag(L) · Vᵀ`. Only the lower triangle of A is read, or
 * with `UPLO` "U" the upper one. Differentiable as if all of A counted; where eigenvalues are equal, gradients through
 * the eigenvectors are not finite.
 *
 * **Shapes** A: [..., n, n]; eigenvalues: [..., n]; eigenvectors: [..., n, n].
 * @throws LinAlgError for NaN or infinities; ShapeError if the matrices are not square; DTypeError for integers.
 * @example linalg.eigh(tensor([[2, 1], [1, 2]], { dtype: "float64" })).eigenvalues; // → [1.000, 3.000]
 */
export function eigh(A: Tensor, UPLO: "L" | "U" = "L"): Eigensystem {
  const { values, vectors } = runEigh("linalg.eigh", A, UPLO, true);
  const [eigenvalues, eigenvectors] = recordAll("eigh", [A], [values, vectors as Tensor], undefined);
  return { eigenvalues: eigenvalues as Tensor, eigenvectors: eigenvectors as Tensor };
}

/**
 * Eigenvalues of symmetric matrices in ascending order, without their vectors. See `eigh`. **Shapes** result: [..., n].
 * @example linalg.eigvalsh(tensor([[2, 1], [1, 2]], { dtype: "float64" })); // → [1.000, 3.000]
 */
export function eigvalsh(A: Tensor, UPLO: "L" | "U" = "L"): Tensor {
  return isRecording([A]) ? eigh(A, UPLO).eigenvalues : runEigh("linalg.eigvalsh", A, UPLO, false).values;
}
