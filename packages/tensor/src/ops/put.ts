import { ShapeError, UsageError } from "../errors.js";
import { formatShape, numberOfElements } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { positionsOf } from "./positions.js";
import { expand } from "./view.js";

/**
 * A copy of x with `source` written at these positions of x read as one row; −1 is the last. With `accumulate` it is added.
 *
 * **Shapes** x: any; index (integers): any; source: as many elements as index.
 * @throws ShapeError if a position is out of bounds, or the source has another number of elements.
 * @example put(zeros([2, 2]), tensor([0, -1]), tensor([1.5, 2.5])); // → [[1.5, 0], [0, 2.5]]
 */
export function put(x: Tensor, index: Tensor, source: Tensor, accumulate = false): Tensor {
  const count = numberOfElements(x.shape);
  if (numberOfElements(index.shape) !== numberOfElements(source.shape)) {
    throw new ShapeError(
      `put: expected as many elements as positions, got ${formatShape(source.shape)} for ${formatShape(index.shape)}`,
    );
  }
  const range = `a tensor of ${count} elements`;
  const positions = positionsOf("put", index, 0, count, { wrap: true, range }).reshape([-1]);
  const row = x.reshape([-1]);
  const values = source.reshape([-1]);
  const written = accumulate ? row.scatterAdd(0, positions, values) : row.scatter(0, positions, values);
  return written.reshape(x.shape);
}

/** How {@link indexReduce} combines what meets at one position. */
export type IndexReduction = "prod" | "mean" | "amax" | "amin";

/**
 * A copy of x in which the slices of `source` along `dim` are reduced into those that `index` names, together with what x
 * held there unless `includeSelf` is false (default true).
 *
 * **Shapes** x: any; index (integers): [count]; source: as x, with count at `dim`.
 * @throws UsageError for an unknown reduction; ShapeError for other shapes.
 * @example indexReduce(tensor([1, 2]), 0, tensor([0, 0]), tensor([3, 4]), "prod"); // → [12, 2]
 */
export function indexReduce(
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
  reduce: IndexReduction,
  options: { includeSelf?: boolean } = {},
): Tensor {
  if (!["prod", "mean", "amax", "amin"].includes(reduce)) {
    throw new UsageError(`indexReduce: reduce must be "prod", "mean", "amax" or "amin", got ${JSON.stringify(reduce)}`);
  }
  const along = dim < 0 ? dim + Math.max(x.ndim, 1) : dim;
  const count = numberOfElements(index.shape);
  if (index.ndim > 1 || (source.shape[along] ?? 1) !== count) {
    throw new ShapeError(
      `indexReduce: expected one index for each of the slices of ${formatShape(source.shape)} along dimension ${along}, got ${formatShape(index.shape)}`,
    );
  }
  const spread = expand(index.reshape(source.shape.map((_, i) => (i === along ? count : 1))), source.shape);
  return x.scatterReduce(dim, spread, source, reduce, options);
}
