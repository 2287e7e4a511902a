import { allocate } from "../allocate.js";
import { ShapeError, UsageError } from "../errors.js";
import { code, kernels } from "../launch.js";
import { isRecording, noGrad, recordAll } from "../recorder.js";
import { formatShape, numberOfElements, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { eye } from "./creation.js";
import { batchOf, checkFloatMatrix, checkOneType, copyOf, turned } from "./matrix.js";
import { dense } from "./reduce.js";

/** `A = Q · R`. */
export interface QrFactors {
  readonly Q: Tensor;
  readonly R: Tensor;
}

/** What {@link qr} gives: Q with as many columns as R has rows, a square Q, or R alone. */
export type QrMode = "reduced" | "complete" | "r";

/** Reflectors and R by columns, [..., n, m], and the factors tau of the reflectors; not recorded. */
function runQr(A: Tensor): { columns: Tensor; tau: Tensor } {
  const [m, n] = A.shape.slice(-2) as [number, number];
  const batch = batchOf(A);
  const columns = copyOf(turned(A));
  const tau = allocate([...batch, Math.min(m, n)], A.dtype);
  kernels.qrFactor(code(A.dtype), numberOfElements(batch), m, n, columns.address, tau.address);
  return { columns, tau };
}

/** The first `count` columns of the product of the reflectors that lie in `columns`, [..., ≥ reflectors, m]. */
function multiplyReflectors(columns: Tensor, tau: Tensor, count: number): Tensor {
  const [stored, m] = columns.shape.slice(-2) as [number, number];
  const batch = batchOf(columns);
  const reflectors = tau.shape.at(-1) as number;
  const out = allocate([...batch, count, m], columns.dtype);
  if (numberOfElements(out.shape) > 0) {
    const all = numberOfElements(batch);
    const type = code(columns.dtype);
    kernels.householderProduct(type, all, m, count, reflectors, columns.address, stored * m, tau.address, out.address);
  }
  return turned(out);
}

/**
 * QR factorisation by Householder reflectors: Q orthogonal, R upper triangular with LAPACK's signs.
 *
 * **Shapes** A: [..., m, n], k = min(m, n). "reduced" (default): Q [..., m, k], R [..., k, n]; "complete": Q [..., m, m],
 * R [..., m, n]; "r": Q empty, R [..., k, n].
 *
 * Differentiable for "reduced" where the first k columns are independent, and for "complete" if m ≤ n.
 * @throws ShapeError without two dimensions; DTypeError for integers; UsageError for another mode.
 * @example
 * const { Q, R } = linalg.qr(tensor([[3, 1], [4, 2]], { dtype: "float64" }));
 * R; // → [[-5.000, -2.200], [0, 0.400]]
 * Q.matmul(R); // → [[3.000, 1.000], [4.000, 2.000]]
 */
export function qr(A: Tensor, mode: QrMode = "reduced"): QrFactors {
  const [m, n] = checkFloatMatrix("linalg.qr", A);
  if (mode !== "reduced" && mode !== "complete" && mode !== "r") {
    throw new UsageError(`linalg.qr: mode must be "reduced", "complete" or "r", got "${mode}"`);
  }
  const { columns, tau } = runQr(A);
  const k = mode === "complete" ? m : Math.min(m, n);
  const [Q, R] = noGrad(() => {
    const upper = turned(columns).narrow(-2, 0, k).triu();
    return [mode === "r" ? allocate([0], A.dtype) : multiplyReflectors(columns, tau, k), upper] as const;
  });
  recordAll("qr", [A], [Q, R], { mode });
  return { Q, R };
}

/**
 * The parts of a QR factorisation as LAPACK stores them: R on and above the diagonal, the reflectors below it.
 *
 * **Shapes** x: [..., m, n]; a: the same; tau: [..., min(m, n)]. Not differentiable; `linalg.qr` is.
 * @example geqrf(tensor([[3], [4]], { dtype: "float64" })); // → { a: [[-5.000], [0.500]], tau: [1.600] }
 */
export function geqrf(x: Tensor): { a: Tensor; tau: Tensor } {
  checkFloatMatrix("geqrf", x);
  const { columns, tau } = runQr(x);
  return { a: turned(columns), tau };
}

/**
 * The first n columns of a product of Householder reflectors: `H₁ · … · Hₖ` with `Hᵢ = I − tauᵢ · vᵢ · vᵢᵀ`, where vᵢ is
 * column i of A below the diagonal, with a 1 on it.
 *
 * **Shapes** A: [..., m, n], m ≥ n; tau: [..., k], k ≤ n; result: as A.
 * @throws ShapeError if they do not fit; DTypeError for integers or different dtypes.
 * @example
 * const { a, tau } = geqrf(tensor([[3], [4]], { dtype: "float64" }));
 * linalg.householderProduct(a, tau); // → [[-0.600], [-0.800]]
 */
export function householderProduct(A: Tensor, tau: Tensor): Tensor {
  const op = "linalg.householderProduct";
  const [m, n] = checkFloatMatrix(op, A);
  checkOneType(op, A, tau);
  const k = tau.shape.at(-1) ?? 0;
  if (m < n || k > n || !sameShape(tau.shape.slice(0, -1), batchOf(A)) || tau.ndim !== A.ndim - 1) {
    throw new ShapeError(
      `${op}: expected A [..., m, n] with m ≥ n and tau [..., k] with k ≤ n, got ${formatShape(A.shape)} and ${formatShape(tau.shape)}`,
    );
  }
  if (!isRecording([A, tau])) return multiplyReflectors(dense(turned(A)), dense(tau), n);
  if (n === 0) return A.mul(1);
  const identity = eye(m, n, { dtype: A.dtype }).expand(A.shape);
  const v = A.tril(-1).add(eye(m, n, { dtype: A.dtype }));
  let product: Tensor = identity;
  for (let i = k - 1; i >= 0; i--) {
    const reflector = v.narrow(-1, i, 1);
    const share = reflector.transpose(-2, -1).matmul(product);
    product = product.sub(tau.narrow(-1, i, 1).unsqueeze(-1).mul(reflector.matmul(share)));
  }
  return product;
}
