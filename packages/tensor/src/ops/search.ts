import { ShapeError } from "../errors.js";
import { formatShape, sameShape } from "../shape.js";
import { Tensor } from "../tensor.js";
import { fromArray } from "./creation.js";

/** Options of {@link searchsorted} and {@link bucketize}. */
export interface SearchOptions {
  /** Whether a value equal to boundaries goes behind them all. Default false: before them. */
  right?: boolean;
}

/** a < b, with NaN above all numbers, as in sort. */
function isBelow(a: number, b: number): boolean {
  return a < b || (Number.isNaN(b) && !Number.isNaN(a));
}

/** How many of `count` sorted numbers from `start` on are below `value` (or equal to it, for `right`). */
function position(sorted: ArrayLike<number>, start: number, count: number, value: number, right: boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    const element = sorted[start + middle] as number;
    if (right ? !isBelow(value, element) : isBelow(element, value)) low = middle + 1;
    else high = middle;
  }
  return low;
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
  const boundaries = sorted.toTypedArray();
  const n = sorted.shape.at(-1) as number;
  const perRow = isRow ? Number.POSITIVE_INFINITY : (wanted.shape.at(-1) as number);
  const positions = Array.from(wanted.toTypedArray(), (value, i) =>
    position(boundaries, Math.floor(i / perRow) * n, n, value, right),
  );
  return fromArray(positions, wanted.shape, "int32");
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
