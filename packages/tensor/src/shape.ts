import { ShapeError } from "./errors.js";

export type Shape = readonly number[];

/**
 * How many elements a tensor of this shape has; one if it has no dimensions.
 * @example numberOfElements([2, 3]); // → 6
 */
export function numberOfElements(shape: Shape): number {
  let count = 1;
  for (let i = 0; i < shape.length; i++) count *= shape[i] as number;
  return count;
}

/**
 * Row-major strides of a shape, in elements.
 * @example contiguousStrides([2, 3, 4]); // → [12, 4, 1]
 */
export function contiguousStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step;
    step *= Math.max(shape[i] as number, 1);
  }
  return strides;
}

/** Whether these strides lay the elements out row-major without gaps. */
export function isContiguous(shape: Shape, strides: Shape): boolean {
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    const size = shape[i] as number;
    if (size === 0) return true;
    if (size !== 1 && strides[i] !== step) return false;
    step *= size;
  }
  return true;
}

/**
 * Whether two shapes are equal.
 * @example sameShape([2, 3], [2, 3]); // → true
 */
export function sameShape(a: Shape, b: Shape): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/**
 * A shape as error messages show it.
 * @example formatShape([2, 3]); // → "[2, 3]"
 */
export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/**
 * The shape that `a` and `b` broadcast to. `op` stands in the error's message.
 *
 * @throws ShapeError if they do not broadcast.
 * @example broadcastShapes("mine", [3, 1], [2]); // → [3, 2]
 */
export function broadcastShapes(op: string, a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  const shape = new Array<number>(rank);
  for (let i = 1; i <= rank; i++) {
    const x = i <= a.length ? (a[a.length - i] as number) : 1;
    const y = i <= b.length ? (b[b.length - i] as number) : 1;
    if (x !== y && x !== 1 && y !== 1) {
      throw new ShapeError(
        `${op}: shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast: size ${x} meets ${y} at dimension ${rank - i}; sizes must be equal or 1`,
      );
    }
    shape[rank - i] = x === 1 ? y : x;
  }
  return shape;
}

/** `dim` counted from the front, as `0 … rank−1`; a scalar takes −1 and 0. */
export function normalizeDim(op: string, dim: number, rank: number): number {
  const bound = Math.max(rank, 1);
  if (!Number.isInteger(dim) || dim < -bound || dim >= bound) {
    throw new ShapeError(`${op}: dimension out of range: expected ${-bound} to ${bound - 1}, got ${dim}`);
  }
  return dim < 0 ? dim + bound : dim;
}

/** Several dimensions, each normalised, none twice; `undefined`, null and `[]` mean all of them. */
export function normalizeDims(op: string, dims: number | readonly number[] | null | undefined, rank: number): number[] {
  if (dims === undefined || dims === null) return Array.from({ length: rank }, (_, i) => i);
  const list = (typeof dims === "number" ? [dims] : dims).map((dim) => normalizeDim(op, dim, rank));
  if (new Set(list).size !== list.length) throw new ShapeError(`${op}: dimension ${formatShape(list)} appears twice`);
  if (list.length === 0) return Array.from({ length: rank }, (_, i) => i);
  return rank === 0 ? [] : list;
}

/** Throws unless every size is a whole number of at least 0. */
export function checkShape(op: string, shape: Shape): void {
  for (const size of shape) {
    if (!Number.isInteger(size) || size < 0) {
      throw new ShapeError(`${op}: sizes must be whole numbers of at least 0, got ${formatShape(shape)}`);
    }
  }
}

/** Throws unless there is one whole stride of at least 0 for each of these sizes. */
export function checkStrides(op: string, size: Shape, stride: Shape): void {
  checkShape(op, size);
  if (stride.length === size.length && stride.every((own) => Number.isInteger(own) && own >= 0)) return;
  throw new ShapeError(
    `${op}: expected one whole stride of at least 0 per size, got ${formatShape(stride)} for ${formatShape(size)}`,
  );
}

/** Fills in a single −1 so that `shape` has `count` elements. */
export function inferShape(op: string, shape: Shape, count: number): number[] {
  const unknown = shape.indexOf(-1);
  const known = numberOfElements(shape.filter((size) => size !== -1));
  const result = [...shape];
  if (unknown !== -1) {
    if (shape.indexOf(-1, unknown + 1) !== -1) {
      throw new ShapeError(`${op}: only one size can be -1, got ${formatShape(shape)}`);
    }
    if (known === 0 && count === 0) {
      throw new ShapeError(`${op}: cannot infer the size -1 of ${formatShape(shape)} for a tensor of 0 elements`);
    }
    result[unknown] = known === 0 ? -1 : count / known;
  }
  if (result.some((size) => !Number.isInteger(size) || size < 0) || numberOfElements(result) !== count) {
    throw new ShapeError(`${op}: shape ${formatShape(shape)} does not fit ${count} elements`);
  }
  return result;
}

/**
 * The strides that show a tensor of `shape` and `strides` under `target` without copying, or null if
 * no strides can: each run of merged old dimensions must split into a run of new ones.
 */
export function viewStrides(shape: Shape, strides: Shape, target: Shape): number[] | null {
  if (numberOfElements(shape) === 0) return contiguousStrides(target);
  const result = new Array<number>(target.length);
  let to = target.length - 1;
  let run = 1; // elements of the run of old dimensions that are contiguous with each other
  let filled = 1;
  let base = strides.length > 0 ? (strides[strides.length - 1] as number) : 1;
  for (let from = shape.length - 1; from >= 0; from--) {
    run *= shape[from] as number;
    const ends = from === 0 || ((shape[from - 1] as number) !== 1 && strides[from - 1] !== run * base);
    if (!ends) continue;
    while (to >= 0 && (filled < run || target[to] === 1)) {
      result[to] = filled * base;
      filled *= target[to] as number;
      to--;
    }
    if (filled !== run) return null;
    if (from > 0) {
      base = strides[from - 1] as number;
      run = 1;
      filled = 1;
    }
  }
  while (to >= 0) result[to--] = filled * base;
  return result;
}
