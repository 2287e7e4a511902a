import { noGrad, recordAll } from "../recorder.js";
import type { Tensor } from "../tensor.js";
import { type LuFactors, paritySign, runLuFactor } from "./lu.js";
import { checkFloatSquare } from "./matrix.js";
import { where } from "./where.js";

/** A determinant as `sign · exp(logabsdet)`. */
export interface SignAndLogarithm {
  /** −1, 0 or 1. */
  readonly sign: Tensor;
  /** −Infinity for singular matrices. */
  readonly logabsdet: Tensor;
}

const diagonalOf = ({ LU }: LuFactors): Tensor => LU.diagonal(0, -2, -1);

/**
 * Determinant. 1 for matrices without elements. The gradient at a singular matrix is its adjugate, transposed.
 *
 * **Shapes** x: [..., n, n]; result: [...].
 * @throws ShapeError if the matrices are not square; DTypeError for integers.
 * @example det(tensor([[1, 2], [3, 4]], { dtype: "float64" })); // → -2.000
 */
export function det(x: Tensor): Tensor {
  checkFloatSquare("linalg.det", x);
  const factors = runLuFactor(x);
  const result = noGrad(() => diagonalOf(factors).prod(-1).mul(paritySign(factors)));
  recordAll("det", [x], [result, factors.LU, factors.pivots], undefined);
  return result;
}

/**
 * Sign of the determinant and logarithm of its magnitude, without overflow.
 *
 * **Shapes** x: [..., n, n]; sign and logabsdet: [...].
 * @throws ShapeError if the matrices are not square; DTypeError for integers.
 * @example slogdet(tensor([[0, 2], [3, 0]], { dtype: "float64" })); // → { sign: -1, logabsdet: 1.7918 }
 */
export function slogdet(x: Tensor): SignAndLogarithm {
  checkFloatSquare("linalg.slogdet", x);
  const factors = runLuFactor(x);
  const [sign, logabsdet] = noGrad(() => {
    const diagonal = diagonalOf(factors);
    return [diagonal.sign().prod(-1).mul(paritySign(factors)), diagonal.abs().log().sum(-1)] as const;
  });
  recordAll("slogdet", [x], [sign, logabsdet, factors.LU, factors.pivots], undefined);
  return { sign, logabsdet };
}

/**
 * Logarithm of the determinant: −Infinity for singular matrices, NaN for a negative determinant. See `slogdet`.
 * @example logdet(tensor([[2, 0], [0, 3]], { dtype: "float64" })); // → 1.7918
 */
export function logdet(x: Tensor): Tensor {
  const { sign, logabsdet } = slogdet(x);
  return where(sign.eq(-1), Number.NaN, logabsdet);
}
