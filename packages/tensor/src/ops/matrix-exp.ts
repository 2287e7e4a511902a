import { noGrad } from "../recorder.js";
import { numberOfElements } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { eye } from "./creation.js";
import { checkFloatSquare } from "./matrix.js";
import { where } from "./where.js";

/** How small a matrix is made before the series, of degree 16: its remainder is then below the last digit of float64. */
const seriesRadius = 0.5;
/** 1 / k! for k = 0 … 16. */
const factors = Array.from({ length: 17 }, (_, k) => {
  let factor = 1;
  for (let i = 2; i <= k; i++) factor /= i;
  return factor;
});

/** `Σ Aᵏ / k!` to degree 16: four groups of four terms each, by Horner's rule in A⁴ (Paterson and Stockmeyer 1973). */
function series(A: Tensor): Tensor {
  const identity = eye(A.shape.at(-1) as number, { dtype: A.dtype });
  const square = A.matmul(A);
  const powers = [A, square, square.matmul(A)];
  const fourth = square.matmul(square);
  const group = (start: number): Tensor =>
    powers.reduce(
      (sum, power, i) => sum.add(power.mul(factors[start + i + 1] as number)),
      identity.mul(factors[start] as number),
    );
  let result = fourth.mul(factors[16] as number).add(group(12));
  for (const start of [8, 4, 0]) result = result.matmul(fourth).add(group(start));
  return result;
}

/**
 * Exponential of square matrices, `Σ Aᵏ / k!`: each is halved until it is small, and the series of that squared as often.
 *
 * **Shapes** A: [..., n, n]; result: the same.
 * @throws ShapeError if the matrices are not square; DTypeError for integers.
 * @example linalg.matrixExp(tensor([[0, 1], [0, 0]], { dtype: "float64" })); // → [[1, 1], [0, 1]]
 */
export function matrixExp(A: Tensor): Tensor {
  checkFloatSquare("linalg.matrixExp", A);
  if (numberOfElements(A.shape) === 0) return A.mul(1);
  // How often to halve, for each matrix; NaN and infinities are left to the series.
  const halvings = noGrad(() => {
    const size = A.abs().sum(-2).amax(-1, { keepdim: true }).unsqueeze(-1);
    const steps = size.div(seriesRadius).log2().ceil().clamp(0, 1100);
    return where(size.isfinite(), steps, 0);
  });
  let result = series(A.mul(halvings.neg().exp2()));
  const most = halvings.amax().item();
  for (let step = 0; step < most; step++) result = where(halvings.gt(step), result.matmul(result), result);
  return result;
}
