import { ShapeError } from "../errors.js";
import { formatShape, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { linear } from "./matmul.js";

/**
 * `yₖ = x · weightₖ · otherᵀ + biasₖ`, over the last dimension of both.
 *
 * **Shapes** x: [..., in1]; other: [..., in2]; weight: [out, in1, in2]; bias: [out], or null; result: [..., out].
 * @throws ShapeError if the sizes do not fit; DTypeError if the dtypes differ.
 * @example bilinear(ones(1, 2), ones(1, 3), ones(2, 2, 3)); // → [[6, 6]]
 */
export function bilinear(x: Tensor, other: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  const [out, in1, in2] = weight.shape as [number, number, number];
  const fits = weight.ndim === 3 && x.shape.at(-1) === in1 && other.shape.at(-1) === in2;
  if (!fits || !sameShape(x.shape.slice(0, -1), other.shape.slice(0, -1))) {
    throw new ShapeError(
      `bilinear: expected inputs [..., in1] and [..., in2] for a weight [out, in1, in2], got ${formatShape(x.shape)}, ${formatShape(other.shape)} and ${formatShape(weight.shape)}`,
    );
  }
  if (bias !== null && !sameShape(bias.shape, [out])) {
    throw new ShapeError(`bilinear: expected a bias [${out}], got ${formatShape(bias.shape)}`);
  }
  const halves = linear(x, weight.transpose(1, 2).reshape([out * in2, in1])).unflatten(-1, [out, in2]);
  const result = halves.matmul(other.unsqueeze(-1)).squeeze(-1);
  return bias === null ? result : result.add(bias);
}
