import { allocate } from "../allocate.js";
import { ShapeError } from "../errors.js";
import { code, kernels } from "../launch.js";
import { formatShape, numberOfElements, sameShape } from "../shape.js";
import { Tensor } from "../tensor.js";
import { to } from "./cast.js";
import { fromArray } from "./creation.js";
import { dense } from "./reduce.js";

/** Options of {@link searchsorted} and {@link bucketize}. */
export interface SearchOptions {
  /** Whether a value equal to boundaries goes behind them all. Default false: before them. */
  right?: boolean;
}

/**
 * Where values would have to be inserted into sorted rows so that these stay sorted. Has no gradient.
 *
 * **Shapes** sorted: [n] (for values of any shape), or [..., n] with values [..., m]; result: as values, int32.
 * Options: `right` (false).
 * @throws ShapeError if the leading dimensions differ.
 * @example
 * searchsorted(tensor([1, 3, 5]), tensor([3, 6])); // → [1, 3]
 * searchsorted(tensor([1, 3, 5]), tensor([3, 6]), { right: true }); // → [2, 3]
 */
export function searchsorted(sorted: Tensor, values: Tensor | number, options: SearchOptions = {}): Tensor {
  const { right = false } = options;
  const wanted = values instanceof Tensor ? values : fromArray([values], [], "float64");
  const isRow = sorted.ndim === 1;
  const fits = sorted.ndim > 0 && (isRow || sameShape(sorted.shape.slice(0, -1), wanted.shape.slice(0, -1)));
  if (!fits || (!isRow && wanted.ndim !== sorted.ndim)) {
    throw new ShapeError(
      `searchsorted: expected one sorted row, or rows with the leading dimensions of the values, got ${formatShape(sorted.shape)} and ${formatShape(wanted.shape)}`,
    );
  }
  const out = allocate(wanted.shape, "int32");
  const count = numberOfElements(wanted.shape);
  if (count > 0) {
    const dtype = sorted.dtype === wanted.dtype ? sorted.dtype : "float64";
    const boundaries = dense(to(sorted.detach(), dtype));
    const keys = dense(to(wanted.detach(), dtype));
    const perRow = isRow ? count : (wanted.shape.at(-1) as number);
    const n = sorted.shape.at(-1) as number;
    kernels.searchsorted(
      code(dtype),
      right ? 1 : 0,
      count / perRow,
      n,
      perRow,
      boundaries.address,
      keys.address,
      out.address,
    );
  }
  return out;
}

/**
 * The bucket of each element of x between sorted boundaries: `searchsorted` with x first.
 *
 * **Shapes** x: any; boundaries: [n]; result: as x, int32. Options: `right` (false).
 * @example bucketize(tensor([0.5, 2]), tensor([1, 2])); // → [0, 1]
 */
export function bucketize(x: Tensor, boundaries: Tensor, options: SearchOptions = {}): Tensor {
  if (boundaries.ndim !== 1) {
    throw new ShapeError(`bucketize: expected one row of boundaries, got shape ${formatShape(boundaries.shape)}`);
  }
  return searchsorted(boundaries, x, options);
}
