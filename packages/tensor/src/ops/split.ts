import { ShapeError, UsageError } from "../errors.js";
import { formatShape, normalizeDim, type Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { aliases } from "./alias.js";
import { narrow } from "./view.js";

function splitDim(op: string, x: Tensor, dim: number): { dim: number; size: number } {
  if (x.ndim === 0) throw new ShapeError(`${op}: a 0-dimensional tensor cannot be split`);
  const along = normalizeDim(op, dim, x.ndim);
  return { dim: along, size: x.shape[along] as number };
}

function pieces(x: Tensor, dim: number, lengths: readonly number[]): Tensor[] {
  const { strides } = x;
  let offset = x.offset;
  const parts = lengths.map((length) => {
    const part = { shape: x.shape.map((size, i) => (i === dim ? length : size)), strides, offset };
    offset += length * (strides[dim] as number);
    return part;
  });
  return aliases("split", x, { dim, lengths }, parts);
}

function equalLengths(total: number, size: number): number[] {
  return Array.from({ length: Math.max(1, Math.ceil(total / size)) }, (_, i) => Math.min(size, total - i * size));
}

/**
 * Splits along `dim` into views of `size` elements (the last may have fewer), or of the sizes given.
 *
 * **Shapes** x: any; results: as x, but along `dim`.
 * @throws ShapeError if the sizes do not add up to that of the dimension.
 * @example
 * arange(5).split(2); // → [[0, 1], [2, 3], [4]]
 * arange(5).split([1, 4]); // → [[0], [1, 2, 3, 4]]
 */
export function split(x: Tensor, size: number | Shape, dim = 0): Tensor[] {
  const along = splitDim("split", x, dim);
  if (typeof size === "number") {
    if (!Number.isInteger(size) || size < 0 || (size === 0 && along.size > 0)) {
      throw new ShapeError(`split: size must be a whole number of at least 1, got ${size}`);
    }
    return pieces(x, along.dim, equalLengths(along.size, Math.max(1, size)));
  }
  if (size.some((part) => !Number.isInteger(part) || part < 0) || size.reduce((a, b) => a + b, 0) !== along.size) {
    throw new ShapeError(
      `split: sizes must be whole numbers that add up to ${along.size}, the size of dimension ${along.dim}, got ${formatShape(size)}`,
    );
  }
  return pieces(x, along.dim, size);
}

/**
 * Splits along `dim` into at most `chunks` views of equal size, of which the last may be smaller.
 *
 * **Shapes** x: any; results: as x, but along `dim`.
 * @example arange(7).chunk(3); // → [[0, 1, 2], [3, 4, 5], [6]]
 */
export function chunk(x: Tensor, chunks: number, dim = 0): Tensor[] {
  if (!Number.isInteger(chunks) || chunks < 1) {
    throw new UsageError(`chunk: chunks must be a whole number of at least 1, got ${chunks}`);
  }
  const along = splitDim("chunk", x, dim);
  if (along.size === 0) return Array.from({ length: chunks }, () => narrow(x, along.dim, 0, 0));
  return pieces(x, along.dim, equalLengths(along.size, Math.ceil(along.size / chunks)));
}

/**
 * Splits along `dim` into `sections` views whose sizes differ by at most 1, or before each of the positions given.
 *
 * **Shapes** x: any; results: as x, but along `dim`.
 * @example
 * arange(7).tensorSplit(3); // → [[0, 1, 2], [3, 4], [5, 6]]
 * arange(7).tensorSplit([2, 3]); // → [[0, 1], [2], [3, 4, 5, 6]]
 */
export function tensorSplit(x: Tensor, sections: number | Shape, dim = 0): Tensor[] {
  const { dim: along, size } = splitDim("tensorSplit", x, dim);
  if (typeof sections === "number") {
    if (!Number.isInteger(sections) || sections < 1) {
      throw new UsageError(`tensorSplit: sections must be a whole number of at least 1, got ${sections}`);
    }
    const small = Math.floor(size / sections);
    const larger = size % sections;
    return pieces(
      x,
      along,
      Array.from({ length: sections }, (_, i) => (i < larger ? small + 1 : small)),
    );
  }
  const bounds = [0, ...sections.map((bound) => Math.min(Math.max(bound < 0 ? bound + size : bound, 0), size)), size];
  return bounds.slice(1).map((end, i) => {
    const start = bounds[i] as number;
    return narrow(x, along, start, Math.max(0, end - start));
  });
}

/**
 * The slices along `dim` as views without that dimension.
 *
 * **Shapes** x: […, k, …]; results: k of […].
 * @example unbind(tensor([[1, 2], [3, 4]]), 1); // → [[1, 3], [2, 4]]
 */
export function unbind(x: Tensor, dim = 0): Tensor[] {
  const along = splitDim("unbind", x, dim);
  const shape = x.shape.filter((_, i) => i !== along.dim);
  const strides = x.strides.filter((_, i) => i !== along.dim);
  const step = x.strides[along.dim] as number;
  return aliases(
    "unbind",
    x,
    { dim: along.dim },
    Array.from({ length: along.size }, (_, i) => ({ shape, strides, offset: x.offset + i * step })),
  );
}

function atLeastDims(op: string, x: Tensor, dims: number): void {
  if (x.ndim < dims) {
    throw new ShapeError(`${op}: expected at least ${dims} dimensions, got shape ${formatShape(x.shape)}`);
  }
}

/** Splits into equal parts, or before positions. */
function evenly(op: string, x: Tensor, sections: number | Shape, dim: number): Tensor[] {
  const size = x.shape[dim] as number;
  if (typeof sections === "number" && (sections < 1 || size % sections !== 0)) {
    throw new ShapeError(
      `${op}: expected a number of sections that divides ${size}, the size of dimension ${dim}, got ${sections}; tensorSplit makes unequal parts`,
    );
  }
  return tensorSplit(x, sections, dim);
}

/**
 * Splits into columns (a vector along its one dimension): so many equal parts, or before each of the positions.
 * @example arange(4).reshape(2, 2).hsplit(2); // → [[[0], [2]], [[1], [3]]]
 */
export function hsplit(x: Tensor, sections: number | Shape): Tensor[] {
  atLeastDims("hsplit", x, 1);
  return evenly("hsplit", x, sections, x.ndim === 1 ? 0 : 1);
}

/**
 * Splits into rows: so many equal parts, or before each of the positions.
 * @example arange(4).reshape(2, 2).vsplit(2); // → [[[0, 1]], [[2, 3]]]
 */
export function vsplit(x: Tensor, sections: number | Shape): Tensor[] {
  atLeastDims("vsplit", x, 2);
  return evenly("vsplit", x, sections, 0);
}

/**
 * Splits along dimension 2: so many equal parts, or before each of the positions.
 * @example arange(4).reshape(1, 2, 2).dsplit([1]); // → [[[[0], [2]]], [[[1], [3]]]]
 */
export function dsplit(x: Tensor, sections: number | Shape): Tensor[] {
  atLeastDims("dsplit", x, 3);
  return evenly("dsplit", x, sections, 2);
}
