import { allocate } from "../allocate.js";
import { LinAlgError, ShapeError, UsageError } from "../errors.js";
import { code, kernels } from "../launch.js";
import { noGrad, recordAll } from "../recorder.js";
import { formatShape, numberOfElements, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { eye, fromArray } from "./creation.js";
import {
  batchOf,
  broadcastBatches,
  checkFloatMatrix,
  checkFloatSquare,
  checkMatrix,
  checkOneType,
  copyOf,
} from "./matrix.js";
import { solveTriangle } from "./triangular-solve.js";

/** What `luFactor` gives. */
export interface LuFactors {
  /** L below the diagonal, whose own diagonal is 1, and U on and above it. */
  readonly LU: Tensor;
  /** Row i was exchanged with row `pivots[i]`, counted from 1 (int32). */
  readonly pivots: Tensor;
}

/** `A = P · L · U`. */
export interface LuMatrices {
  readonly P: Tensor;
  readonly L: Tensor;
  readonly U: Tensor;
}

/** Options of {@link luSolve}. */
export interface LuSolveOptions {
  /** Whether the equation is `A · X = B`, or `X · A = B`. Default true. */
  left?: boolean;
  /** Whether to solve with the transpose of A. Default false. */
  adjoint?: boolean;
}

/** Factorises without recording; `info` tells the first pivot that is 0, from 1. */
export function runLuFactor(x: Tensor): LuFactors & { readonly info: Tensor } {
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const batch = batchOf(x);
  const LU = copyOf(x);
  const pivots = allocate([...batch, Math.min(rows, columns)], "int32");
  const info = allocate(batch, "int32");
  kernels.luFactor(code(x.dtype), numberOfElements(batch), rows, columns, LU.address, pivots.address, info.address);
  return { LU, pivots, info };
}

/** For each row of each matrix, the row of the whole batch that `Pᵀ` puts there; `inverse`: that P puts there. */
function rowOrder(pivots: Tensor, rows: number, inverse: boolean): Tensor {
  const exchanges = pivots.toTypedArray();
  const count = pivots.shape.at(-1) as number;
  const batch = numberOfElements(pivots.shape.slice(0, -1));
  const order = new Int32Array(batch * rows);
  for (let item = 0; item < batch; item++) {
    const start = item * rows;
    const own = Int32Array.from({ length: rows }, (_, i) => start + i);
    for (let i = 0; i < count; i++) {
      const other = (exchanges[item * count + i] as number) - 1;
      const kept = own[i] as number;
      own[i] = own[other] as number;
      own[other] = kept;
    }
    own.forEach((from, i) => {
      if (inverse) order[from] = start + i;
      else order[start + i] = from;
    });
  }
  return fromArray(order, [batch * rows], "int32");
}

/** The rows of matrices in another order; recorded. */
function selectRows(x: Tensor, order: Tensor): Tensor {
  return x
    .reshape([order.shape[0] as number, x.shape.at(-1) as number])
    .indexSelect(0, order)
    .reshape(x.shape);
}

/** +1 or −1 for each matrix: whether its row exchanges are even or odd. */
export function paritySign({ LU, pivots }: LuFactors): Tensor {
  const exchanges = pivots.toTypedArray();
  const n = pivots.shape.at(-1) as number;
  const batch = batchOf(LU);
  const signs = new Int8Array(numberOfElements(batch)).fill(1);
  exchanges.forEach((row, i) => {
    const item = Math.floor(i / n);
    if (row !== (i % n) + 1) signs[item] = -(signs[item] as number);
  });
  return fromArray(signs, batch, LU.dtype);
}

/** Solves `A · X = B`, or with `adjoint` `Aᵀ · X = B`, from the factors of A; batches are equal. */
export function solveFactored({ LU, pivots }: LuFactors, B: Tensor, adjoint: boolean): Tensor {
  const rows = LU.shape.at(-1) as number;
  const order = rowOrder(pivots, rows, adjoint);
  if (!adjoint) return solveTriangle(LU, solveTriangle(LU, selectRows(B, order), false, true), true, false);
  const transposed = LU.transpose(-2, -1);
  return selectRows(solveTriangle(transposed, solveTriangle(transposed, B, false, false), true, true), order);
}

/** `A⁻¹` from the factors of A. */
export function invertFactored(factors: LuFactors): Tensor {
  const { LU } = factors;
  return solveFactored(factors, eye(LU.shape.at(-1) as number, { dtype: LU.dtype }).expand(LU.shape), false);
}

/**
 * LU factorisation with exchange of rows, `A = P · L · U`, in the compact form that `luSolve` takes. Differentiable.
 *
 * **Shapes** x: [..., m, n]; LU: the same; pivots: [..., min(m, n)].
 * @throws LinAlgError if a pivot is 0; `lu` factorises such matrices too.
 * @example
 * const A = tensor([[1, 2], [3, 4]], { dtype: "float64" });
 * const { LU, pivots } = linalg.luFactor(A);
 * pivots; // → [2, 2]
 * linalg.luSolve(LU, pivots, tensor([[5], [11]], { dtype: "float64" })); // → [[1.000], [2.000]]
 */
export function luFactor(x: Tensor): LuFactors {
  const { LU, pivots, info } = factorize("linalg.luFactor", x);
  const zero = info.toTypedArray().find((found) => found !== 0);
  if (zero !== undefined) {
    throw new LinAlgError(
      `linalg.luFactor: U[${zero},${zero}] is zero and using it on luSolve would result in a division by zero; linalg.lu gives the factors of singular matrices too`,
    );
  }
  return { LU, pivots };
}

/**
 * `luFactor` that takes singular matrices: `info` is 0, or the first pivot that is 0, counted from 1.
 * @example linalg.luFactorEx(tensor([[1, 2], [2, 4]], { dtype: "float64" })).info; // → 2
 */
export function luFactorEx(x: Tensor): LuFactors & { readonly info: Tensor } {
  return factorize("linalg.luFactorEx", x);
}

function factorize(op: string, x: Tensor): LuFactors & { readonly info: Tensor } {
  checkFloatMatrix(op, x);
  const { LU, pivots, info } = runLuFactor(x);
  recordAll("luFactor", [x], [LU, pivots], undefined);
  return { LU, pivots, info };
}

/**
 * The three matrices that `luFactor` gives in compact form.
 *
 * **Shapes** LU: [..., m, n]; P: [..., m, m]; L: [..., m, min(m, n)]; U: [..., min(m, n), n].
 * @example
 * const { LU, pivots } = linalg.luFactor(tensor([[1, 2], [3, 4]], { dtype: "float64" }));
 * luUnpack(LU, pivots).P; // → [[0, 1], [1, 0]]
 */
export function luUnpack(LU: Tensor, pivots: Tensor): LuMatrices {
  const [rows, columns] = checkFloatMatrix("luUnpack", LU, "LU");
  const count = Math.min(rows, columns);
  checkPivots("luUnpack", LU, pivots);
  const identity = eye(rows, { dtype: LU.dtype }).expand([...batchOf(LU), rows, rows]);
  const isEmpty = numberOfElements(identity.shape) === 0;
  const P = noGrad(() => (isEmpty ? identity.clone() : selectRows(identity, rowOrder(pivots, rows, true))));
  const L = LU.narrow(-1, 0, count)
    .tril(-1)
    .add(eye(rows, count, { dtype: LU.dtype }));
  return { P, L, U: LU.narrow(-2, 0, count).triu() };
}

/**
 * LU factorisation with exchange of rows, `A = P · L · U`: P a permutation, L with ones on its diagonal, U upper
 * triangular. Singular matrices have one too. Differentiable.
 *
 * **Shapes** x: [..., m, n]; P: [..., m, m]; L: [..., m, min(m, n)]; U: [..., min(m, n), n].
 * @example
 * const { P, L, U } = linalg.lu(tensor([[1, 2], [4, 4]], { dtype: "float64" }));
 * L; // → [[1, 0], [0.25, 1]]
 * P.matmul(L).matmul(U); // → [[1, 2], [4, 4]]
 */
export function lu(x: Tensor): LuMatrices {
  const { LU, pivots } = factorize("linalg.lu", x);
  return luUnpack(LU, pivots);
}

function checkPivots(op: string, LU: Tensor, pivots: Tensor): void {
  const [rows, columns] = LU.shape.slice(-2) as [number, number];
  const expected = [...batchOf(LU), Math.min(rows, columns)];
  if (!sameShape(pivots.shape, expected) || pivots.dtype !== "int32") {
    throw new ShapeError(
      `${op}: expected pivots ${formatShape(expected)} of int32, got ${formatShape(pivots.shape)} of ${pivots.dtype}`,
    );
  }
  const wrong = pivots.toTypedArray().find((row) => row < 1 || row > rows);
  if (wrong === undefined) return;
  throw new UsageError(
    `${op}: pivots must be from 1 to ${rows}, the rows of LU, got ${wrong}; pass on what luFactor gave`,
  );
}

/**
 * Solves `A · X = B`, or `X · A = B`, with the factors of A from `luFactor`. Batches broadcast. Differentiable in LU and B.
 *
 * **Shapes** LU: [..., n, n]; pivots: [..., n]; B: [..., n, k] (`left: false`: [..., k, n]); result: as B.
 * Options: `left` (true), `adjoint` (false): solve with Aᵀ.
 * @throws ShapeError if they do not fit; UsageError for pivots that no factorisation gives.
 * @example
 * const { LU, pivots } = linalg.luFactor(tensor([[1, 2], [4, 4]], { dtype: "float64" }));
 * linalg.luSolve(LU, pivots, tensor([[5], [12]], { dtype: "float64" })); // → [[1], [2]]
 */
export function luSolve(LU: Tensor, pivots: Tensor, B: Tensor, options: LuSolveOptions = {}): Tensor {
  const { left = true, adjoint = false } = options;
  const op = "linalg.luSolve";
  const n = checkFloatSquare(op, LU, "LU");
  checkMatrix(op, B, "B");
  checkOneType(op, LU, B);
  checkPivots(op, LU, pivots);
  const right = left ? B : B.transpose(-2, -1);
  if (right.shape.at(-2) !== n) {
    throw new ShapeError(`${op}: LU ${formatShape(LU.shape)} does not fit B ${formatShape(B.shape)}`);
  }
  const [matrices, columns] = broadcastBatches(op, LU, right);
  const exchanges = pivots.expand([...batchOf(matrices), n]);
  const X = solveFactored({ LU: matrices, pivots: exchanges }, columns, adjoint === left);
  return left ? X : X.transpose(-2, -1);
}
