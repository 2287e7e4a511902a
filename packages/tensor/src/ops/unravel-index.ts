import { formatShape, numberOfElements, type Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { cat } from "./join.js";
import { nonzero } from "./masked.js";
import { positionsOf } from "./positions.js";

/**
 * {@link nonzero} of a size known beforehand: the first positions, filled up with `fillValue` (default −1).
 *
 * **Shapes** x: any of n dimensions; result: [size, n], int32.
 * @example nonzeroStatic(tensor([0, 3, 0, 4]), { size: 3 }); // → [[1], [3], [-1]]
 */
export function nonzeroStatic(x: Tensor, options: { size: number; fillValue?: number }): Tensor {
  const { size, fillValue = -1 } = options;
  const found = nonzero(x);
  const [count, n] = found.shape as [number, number];
  if (count >= size) return found.narrow(0, 0, size).contiguous();
  return cat([found, found.newFull([size - count, n], fillValue)]);
}

/**
 * Positions in a tensor of `shape` read as one row, as positions in each of its dimensions.
 *
 * **Shapes** indices (integers): any; results: one of the same shape for each dimension.
 * @throws ShapeError for a position out of bounds.
 * @example unravelIndex(tensor([4, 5]), [2, 3]); // → [[1, 1], [1, 2]]
 */
export function unravelIndex(indices: Tensor, shape: Shape): Tensor[] {
  const range = `a tensor of shape ${formatShape(shape)}`;
  let rest = positionsOf("unravelIndex", indices, 0, numberOfElements(shape), { wrap: true, range });
  const columns = [...shape].reverse().map((size) => {
    const column = rest.remainder(size);
    rest = rest.floorDivide(size);
    return column;
  });
  return columns.reverse();
}
