import { ShapeError } from "../errors.js";
import { formatShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { stack } from "./join.js";

/**
 * Powers of a vector's elements as columns: from the highest, or with `increasing` from the 0-th on.
 *
 * **Shapes** x: [n]; result: [n, columns] (by default as many columns as rows).
 * @throws ShapeError for another rank.
 * @example vander(tensor([2, 3]), 3); // → [[4, 2, 1], [9, 3, 1]]
 */
export function vander(x: Tensor, columns: number | null = null, options: { increasing?: boolean } = {}): Tensor {
  if (x.ndim !== 1) throw new ShapeError(`vander: expected a vector, got shape ${formatShape(x.shape)}`);
  const count = columns ?? (x.shape[0] as number);
  if (!Number.isInteger(count) || count < 0) {
    throw new ShapeError(`vander: expected a whole number of columns, got ${count}`);
  }
  if (count === 0) return x.newZeros([x.shape[0] as number, 0]).cumprod(0);
  const powers = stack(Array.from({ length: count }, (_, i) => (i === 0 ? x.mul(0).add(1) : x)))
    .cumprod(0)
    .t();
  return options.increasing ? powers : powers.flip(1);
}
