import { ShapeError, UsageError } from "../errors.js";
import { noGrad, record, recordAll } from "../recorder.js";
import { formatShape, numberOfElements, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { invertFactored, runLuFactor, solveFactored } from "./lu.js";
import { broadcastBatches, checkFloatSquare, checkInfo, checkOneType } from "./matrix.js";

/** Options of {@link solve}. */
export interface SolveOptions {
  /** Whether the equation is `A · X = B`, or `X · A = B`. Default true. */
  left?: boolean;
}

/** An inverse, or a solution, and where it failed. */
export interface ResultAndInfo {
  readonly result: Tensor;
  /** For each matrix 0, or the position of the first pivot that is 0, from 1 (int32). */
  readonly info: Tensor;
}

/**
 * Inverse of square matrices. `solve` is faster and more accurate than multiplying by an inverse.
 *
 * **Shapes** A: [..., n, n]; result: the same.
 * @throws LinAlgError for a singular matrix; ShapeError if the matrices are not square; DTypeError for integers.
 * @example linalg.inv(tensor([[2, 0], [0, 4]], { dtype: "float64" })); // → [[0.5, 0], [0, 0.25]]
 */
export function inv(A: Tensor): Tensor {
  const { result, info } = invert("linalg.inv", A);
  checkInfo(
    "linalg.inv",
    info,
    (at) =>
      `The diagonal element ${at} is zero, the inversion could not be completed because the input matrix is singular; linalg.pinv inverts as far as possible.`,
  );
  return result;
}

/**
 * `inv` that does not throw for singular matrices: `info` tells, and what it gives for them is of no use.
 * @example linalg.invEx(tensor([[1, 2], [2, 4]], { dtype: "float64" })).info; // → 2
 */
export function invEx(A: Tensor): { inverse: Tensor; info: Tensor } {
  const { result, info } = invert("linalg.invEx", A);
  return { inverse: result, info };
}

function invert(op: string, A: Tensor): ResultAndInfo {
  checkFloatSquare(op, A);
  const factors = runLuFactor(A);
  const result = noGrad(() => invertFactored(factors));
  return { result: record("inv", [A], result, undefined), info: factors.info };
}

/** The equation with matrices on its right side, and whether they stand for vectors. */
function matricesOf(op: string, A: Tensor, B: Tensor, left: boolean): { columns: Tensor; isVector: boolean } {
  const n = checkFloatSquare(op, A);
  checkOneType(op, A, B);
  // As PyTorch: B is a batch of vectors if it is one vector, or if its shape is that of A without the last dimension.
  const isVector = B.ndim === 1 || (A.ndim === B.ndim + 1 && sameShape(A.shape.slice(0, -1), B.shape));
  if (isVector && !left) {
    throw new UsageError(`${op}: vectors B cannot stand on the left of A; give B a dimension more, or left: true`);
  }
  const columns = isVector ? B.unsqueeze(-1) : B;
  if (columns.ndim < 2 || columns.shape.at(left ? -2 : -1) !== n) {
    const equation = left ? "AX = B" : "XA = B";
    const [rows, width] = columns.shape.slice(-2);
    throw new ShapeError(
      `${op}: incompatible shapes of A and B for the equation ${equation} (${n}x${n} and ${rows}x${width}), got ${formatShape(A.shape)} and ${formatShape(B.shape)}`,
    );
  }
  return { columns, isVector };
}

/** The recorded primitive: `A · X = B`, batches equal. */
function solveEqual(A: Tensor, B: Tensor): ResultAndInfo {
  const factors = runLuFactor(A);
  const X = noGrad(() => solveFactored(factors, B, false));
  recordAll("solve", [A, B], [X, factors.LU, factors.pivots], undefined);
  return { result: X, info: factors.info };
}

function solveAny(op: string, A: Tensor, B: Tensor, left: boolean): ResultAndInfo {
  const { columns, isVector } = matricesOf(op, A, B, left);
  if (!left) {
    const { result, info } = solveAny(op, A.transpose(-2, -1), columns.transpose(-2, -1), true);
    return { result: result.transpose(-2, -1), info };
  }
  const [matrices, right] = broadcastBatches(op, A, columns);
  const { result, info } = solveEqual(matrices, right);
  return { result: isVector ? result.squeeze(-1) : result, info };
}

/**
 * Solves the linear equations `A · X = B`, or with `left: false` `X · A = B`, by LU factorisation. Batches broadcast.
 *
 * **Shapes** A: [..., n, n]; B: [..., n, k] (`left: false`: [..., k, n]), or vectors: [n], or [..., n] with the very
 * batch of A; result: as B, batches broadcast.
 * @throws LinAlgError for a singular matrix; ShapeError if they do not fit; DTypeError for integers or different dtypes.
 * @example linalg.solve(tensor([[2, 0], [0, 4]], { dtype: "float64" }), tensor([2, 2], { dtype: "float64" })); // → [1, 0.5]
 */
export function solve(A: Tensor, B: Tensor, options: SolveOptions = {}): Tensor {
  const { result, info } = solveAny("linalg.solve", A, B, options.left ?? true);
  checkInfo(
    "linalg.solve",
    info,
    () => "The solver failed because the input matrix is singular; linalg.lstsq solves as far as possible.",
  );
  return result;
}

/**
 * `solve` that does not throw for singular matrices: `info` tells, and what it gives for them is of no use.
 * @example linalg.solveEx(tensor([[1, 2], [2, 4]], { dtype: "float64" }), tensor([1, 2], { dtype: "float64" })).info; // → 2
 */
export function solveEx(A: Tensor, B: Tensor, options: SolveOptions = {}): ResultAndInfo {
  return solveAny("linalg.solveEx", A, B, options.left ?? true);
}

/**
 * The inverse of `x` as a map of tensors: `tensordot(tensorinv(A, ind), tensordot(A, X, …), …)` is X.
 *
 * **Shapes** A: [a…, b…] with `ind` sizes a, of the same product as b; result: [b…, a…].
 * @throws ShapeError if the products differ; UsageError if ind is not above 0; LinAlgError for a singular map.
 * @example linalg.tensorinv(eye(6).reshape(2, 3, 6)).shape; // → [6, 2, 3]
 */
export function tensorinv(A: Tensor, ind = 2): Tensor {
  if (!Number.isInteger(ind) || ind <= 0)
    throw new UsageError(`linalg.tensorinv: ind must be a whole number above 0, got ${ind}`);
  const [first, last] = [A.shape.slice(0, ind), A.shape.slice(ind)];
  const n = numberOfElements(first);
  if (numberOfElements(last) !== n) {
    throw new ShapeError(
      `linalg.tensorinv: the sizes before and from dimension ${ind} must have one product, got ${formatShape(A.shape)}: ${n} and ${numberOfElements(last)}`,
    );
  }
  return inv(A.reshape([n, n])).reshape([...last, ...first]);
}

/** Options of {@link tensorsolve}. */
export interface TensorsolveOptions {
  /** Dimensions of A that are moved to its end first. Default none. */
  dims?: readonly number[];
}

/**
 * Solves `tensordot(A, X, X.ndim) = B` for X.
 *
 * **Shapes** A: [b…, x…], where b is the shape of B and the product of x that of b; result: [x…].
 * @throws ShapeError if the sizes do not fit; LinAlgError for a singular map.
 * @example linalg.tensorsolve(eye(6).reshape(2, 3, 6), ones([2, 3])); // → [1, 1, 1, 1, 1, 1]
 */
export function tensorsolve(A: Tensor, B: Tensor, options: TensorsolveOptions = {}): Tensor {
  const { dims = [] } = options;
  const moved =
    dims.length === 0
      ? A
      : A.movedim(
          [...dims],
          dims.map((_, i) => A.ndim - dims.length + i),
        );
  const shape = moved.shape.slice(B.ndim);
  const n = numberOfElements(shape);
  if (n !== numberOfElements(B.shape) || n * n !== numberOfElements(A.shape)) {
    throw new ShapeError(
      `linalg.tensorsolve: expected A [b…, x…] with b of as many elements as B, and x of as many as b, got ${formatShape(A.shape)} and ${formatShape(B.shape)}`,
    );
  }
  return solve(moved.reshape([n, n]), B.reshape([n])).reshape(shape);
}
