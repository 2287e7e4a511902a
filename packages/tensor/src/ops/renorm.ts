import { ShapeError, UsageError } from "../errors.js";
import { formatShape } from "../shape.js";
import type { Tensor } from "../tensor.js";

/**
 * x in which each slice along `dim` whose p-norm is above `maxNorm` is scaled down to it.
 *
 * **Shapes** x: at least 2 dimensions; result: the same.
 * @throws ShapeError for fewer dimensions; UsageError unless p is above 0 and maxNorm at least 0.
 * @example renorm(tensor([[3, 4], [0.3, 0.4]]), 2, 0, 1); // → [[0.6, 0.8], [0.3, 0.4]]
 */
export function renorm(x: Tensor, p: number, dim: number, maxNorm: number): Tensor {
  if (x.ndim < 2) throw new ShapeError(`renorm: expected at least 2 dimensions, got shape ${formatShape(x.shape)}`);
  if (!(p > 0) || !(maxNorm >= 0)) {
    throw new UsageError(`renorm: expected p above 0 and maxNorm of at least 0, got ${p} and ${maxNorm}`);
  }
  const along = dim < 0 ? dim + x.ndim : dim;
  const others = x.shape.map((_, i) => i).filter((i) => i !== along);
  const norms = x.vectorNorm(p, others, { keepdim: true });
  // PyTorch keeps the quotient finite in the same way.
  const factor = norms.add(1e-7).reciprocal().mul(maxNorm);
  return x.mul(factor.where(norms.gt(maxNorm), 1));
}
