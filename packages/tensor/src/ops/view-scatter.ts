import { ShapeError } from "../errors.js";
import { formatShape, normalizeDim, type Shape, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { slice } from "./slice.js";

/** A copy of x in which `source` stands where `show` looks. */
function replaced(op: string, x: Tensor, source: Tensor, show: (copy: Tensor) => Tensor): Tensor {
  const copy = x.clone();
  const view = show(copy);
  if (!sameShape(view.shape, source.shape)) {
    throw new ShapeError(`${op}: expected a source ${formatShape(view.shape)}, got ${formatShape(source.shape)}`);
  }
  view.copy_(source);
  return copy;
}

/**
 * A copy of x whose slice at `index` of `dim` is `source`; see {@link select}.
 *
 * **Shapes** x: any; source: that of the slice; result: as x.
 * @throws ShapeError if the source has not the shape of the slice.
 * @example selectScatter(zeros([2, 2]), ones([2]), 0, 1); // → [[0, 0], [1, 1]]
 */
export function selectScatter(x: Tensor, source: Tensor, dim: number, index: number): Tensor {
  return replaced("selectScatter", x, source, (copy) => copy.select(dim, index));
}

/** Options of {@link sliceScatter}. */
export interface SliceScatterOptions {
  /** Default 0: from the beginning. */
  start?: number | null;
  /** Default: to the end. */
  end?: number | null;
  /** Default 1. */
  step?: number;
}

/**
 * A copy of x in which `source` stands at the positions `start` to before `end`, every `step`-th, of `dim`.
 *
 * **Shapes** x: any; source: that of these positions; result: as x.
 * @throws ShapeError if the source has not the shape of these positions.
 * @example sliceScatter(zeros([4]), ones([2]), 0, { start: 1, step: 2 }); // → [0, 1, 0, 1]
 */
export function sliceScatter(x: Tensor, source: Tensor, dim = 0, options: SliceScatterOptions = {}): Tensor {
  const { start = null, end = null, step = 1 } = options;
  const before = Array<ReturnType<typeof slice>>(normalizeDim("sliceScatter", dim, x.ndim)).fill(slice());
  return replaced("sliceScatter", x, source, (copy) => copy.index(...before, slice(start, end, step)));
}

/**
 * A copy of x whose diagonal is `source`; see `diagonal`.
 *
 * @throws ShapeError if the source has not the shape of the diagonal.
 * @example zeros([2, 2]).diagonalScatter(ones([2])); // → [[1, 0], [0, 1]]
 */
export function diagonalScatter(x: Tensor, source: Tensor, offset = 0, dim1 = 0, dim2 = 1): Tensor {
  return replaced("diagonalScatter", x, source, (copy) => copy.diagonal(offset, dim1, dim2));
}

/**
 * A copy of x in which `source` stands where this layout over x's elements looks; see `asStrided`.
 *
 * @throws ShapeError if the source has not the shape of the layout, or this leaves x.
 * @example zeros([2, 2]).asStridedScatter(ones([2]), [2], [2], 1); // → [[0, 1], [0, 1]]
 */
export function asStridedScatter(x: Tensor, source: Tensor, size: Shape, stride: Shape, storageOffset = 0): Tensor {
  return replaced("asStridedScatter", x, source, (copy) => copy.asStrided(size, stride, storageOffset));
}
