import { ShapeError } from "../errors.js";
import { isGradEnabled, record } from "../recorder.js";
import {
  broadcastShapes,
  formatShape,
  inferShape,
  normalizeDim,
  normalizeDims,
  numberOfElements,
  type Shape,
  sameShape,
  viewStrides,
} from "../shape.js";
import { Tensor } from "../tensor.js";
import { clone } from "./cast.js";
import type { OpAttributes } from "./registry.js";

type Sizes = [Shape] | number[];

/** Sizes given as a list or one by one. */
function sizes(args: Sizes): readonly number[] {
  const [first] = args;
  return typeof first === "object" ? first : (args as number[]);
}

type ViewName = "view" | "permute" | "expand" | "slice" | "select" | "diagonal" | "asStrided";

/** A tensor over the same memory, recorded as a view of `x`. */
function makeView<K extends ViewName>(
  op: K,
  x: Tensor,
  attributes: OpAttributes[K],
  shape: Shape,
  strides: Shape,
  offset = x.offset,
): Tensor {
  const out = new Tensor(x.storage, x.dtype, shape, strides, offset);
  if (isGradEnabled()) out.base = x.base ?? x;
  return record(op, [x], out, attributes);
}

/**
 * The same elements under another shape, without copying; one size may be −1.
 *
 * @throws ShapeError if the strides do not allow it (then `reshape` copies), or the sizes do not fit.
 * @example arange(6).view(2, -1).shape; // [2, 3]
 */
export function view(x: Tensor, ...size: Sizes): Tensor {
  const shape = inferShape("view", sizes(size), x.numel());
  const strides = viewStrides(x.shape, x.strides, shape);
  if (strides === null) {
    throw new ShapeError(
      `view: shape ${formatShape(shape)} is not compatible with a tensor of shape ${formatShape(x.shape)} and strides ${formatShape(x.strides)}: at least one dimension spans two separate runs of memory; use .reshape(...) instead`,
    );
  }
  return makeView("view", x, { shape }, shape, strides);
}

/** The same elements under another shape; a view where the strides allow it, else a copy. */
export function reshape(x: Tensor, ...shape: Sizes): Tensor {
  const target = inferShape("reshape", sizes(shape), x.numel());
  const strides = viewStrides(x.shape, x.strides, target);
  return strides === null ? view(clone(x), target) : makeView("view", x, { shape: target }, target, strides);
}

/** This tensor in the shape of another. */
export function viewAs(x: Tensor, other: Tensor): Tensor {
  return view(x, other.shape);
}

/** Merges the dimensions from `startDim` to `endDim` into one. */
export function flatten(x: Tensor, startDim = 0, endDim = -1): Tensor {
  if (x.ndim === 0) return reshape(x, [1]);
  const start = normalizeDim("flatten", startDim, x.ndim);
  const end = normalizeDim("flatten", endDim, x.ndim);
  if (start > end) throw new ShapeError(`flatten: startDim ${startDim} must not come after endDim ${endDim}`);
  if (start === end) return x;
  const merged = numberOfElements(x.shape.slice(start, end + 1));
  return reshape(x, [...x.shape.slice(0, start), merged, ...x.shape.slice(end + 1)]);
}

/** Splits one dimension into several; one size may be −1. */
export function unflatten(x: Tensor, dim: number, shape: Shape): Tensor {
  const at = normalizeDim("unflatten", dim, x.ndim);
  const inner = inferShape("unflatten", shape, x.shape[at] as number);
  return view(x, [...x.shape.slice(0, at), ...inner, ...x.shape.slice(at + 1)]);
}

/** Removes dimensions of size 1: all of them, or those named if their size is 1. */
export function squeeze(x: Tensor, dim?: number | Shape): Tensor {
  const dims = new Set(normalizeDims("squeeze", dim, x.ndim));
  const kept = x.shape.map((_, i) => i).filter((i) => x.shape[i] !== 1 || !dims.has(i));
  const shape = kept.map((i) => x.shape[i] as number);
  return makeView(
    "view",
    x,
    { shape },
    shape,
    kept.map((i) => x.strides[i] as number),
  );
}

/** Inserts a dimension of size 1 before `dim`. */
export function unsqueeze(x: Tensor, dim: number): Tensor {
  const at = normalizeDim("unsqueeze", dim, x.ndim + 1);
  const shape = [...x.shape.slice(0, at), 1, ...x.shape.slice(at)];
  const step = at < x.ndim ? (x.shape[at] as number) * (x.strides[at] as number) : 1;
  return makeView("view", x, { shape }, shape, [...x.strides.slice(0, at), step, ...x.strides.slice(at)]);
}

/** The dimensions in another order, as a view. */
export function permute(x: Tensor, ...dims: Sizes): Tensor {
  const list = sizes(dims);
  const order = list.map((dim) => normalizeDim("permute", dim, x.ndim));
  if (order.length !== x.ndim || new Set(order).size !== order.length) {
    throw new ShapeError(
      `permute: expected each of the ${x.ndim} dimensions once, got ${formatShape(list)} for shape ${formatShape(x.shape)}`,
    );
  }
  const pick = (from: Shape): number[] => order.map((dim) => from[dim] as number);
  return makeView("permute", x, { dims: order }, pick(x.shape), pick(x.strides));
}

/** Two dimensions exchanged, as a view. */
export function transpose(x: Tensor, dim0: number, dim1: number): Tensor {
  const a = normalizeDim("transpose", dim0, x.ndim);
  const b = normalizeDim("transpose", dim1, x.ndim);
  if (x.ndim === 0) return x;
  const order = x.shape.map((_, i) => (i === a ? b : i === b ? a : i));
  return permute(x, order);
}

/** The transposed matrix; tensors of fewer than two dimensions as they are. */
export function t(x: Tensor): Tensor {
  if (x.ndim > 2) throw new ShapeError(`t: expected at most 2 dimensions, got shape ${formatShape(x.shape)}`);
  return x.ndim < 2 ? x : transpose(x, 0, 1);
}

/** `transpose` under NumPy's name. */
export const swapaxes = (x: Tensor, axis0: number, axis1: number): Tensor => transpose(x, axis0, axis1);

/** Moves dimensions to other places, the others keep their order. */
export function movedim(x: Tensor, source: number | Shape, destination: number | Shape): Tensor {
  const list = (dims: number | Shape): number[] =>
    (typeof dims === "number" ? [dims] : dims).map((dim) => normalizeDim("movedim", dim, x.ndim));
  const from = list(source);
  const to = list(destination);
  if (from.length !== to.length || new Set(from).size !== from.length || new Set(to).size !== to.length) {
    throw new ShapeError(
      `movedim: source ${formatShape(from)} and destination ${formatShape(to)} must name as many different dimensions`,
    );
  }
  const rest = x.shape.map((_, i) => i).filter((i) => !from.includes(i));
  const order = x.shape.map((_, i) => (to.includes(i) ? (from[to.indexOf(i)] as number) : (rest.shift() as number)));
  return permute(x, order);
}

/** Repeats dimensions of size 1 without copying; −1 keeps a size. */
export function expand(x: Tensor, ...size: Sizes): Tensor {
  const target = sizes(size);
  const lead = target.length - x.ndim;
  if (lead < 0) {
    throw new ShapeError(
      `expand: ${formatShape(target)} has fewer dimensions than the tensor's shape ${formatShape(x.shape)}`,
    );
  }
  const strides: number[] = [];
  const shape = target.map((wanted, i) => {
    const own = i < lead ? 1 : (x.shape[i - lead] as number);
    const result = wanted === -1 && i >= lead ? own : wanted;
    if (result < 0 || (result !== own && own !== 1)) {
      throw new ShapeError(
        `expand: size ${own} of shape ${formatShape(x.shape)} cannot become ${wanted} of ${formatShape(target)}; only sizes of 1 expand`,
      );
    }
    strides.push(i < lead || own !== result ? 0 : (x.strides[i - lead] as number));
    return result;
  });
  return makeView("expand", x, { shape }, shape, strides);
}

/** This tensor expanded to the shape of another. */
export const expandAs = (x: Tensor, other: Tensor): Tensor => expand(x, other.shape);
/** `expand` under NumPy's name. */
export const broadcastTo = (x: Tensor, size: Shape): Tensor => expand(x, size);

/** The slice at `index` along `dim`, as a view without that dimension. */
export function select(x: Tensor, dim: number, index: number): Tensor {
  if (x.ndim === 0) throw new ShapeError("select: a 0-dimensional tensor has no dimension to select from");
  const at = normalizeDim("select", dim, x.ndim);
  const size = x.shape[at] as number;
  if (!Number.isInteger(index) || index < -size || index >= size) {
    throw new ShapeError(`select: index ${index} is out of range for dimension ${at} of size ${size}`);
  }
  const position = index < 0 ? index + size : index;
  const without = (list: Shape): number[] => list.filter((_, i) => i !== at);
  const offset = x.offset + position * (x.strides[at] as number);
  return makeView("select", x, { dim: at, index: position }, without(x.shape), without(x.strides), offset);
}

/** `length` elements along `dim` from `start` on, every `step`-th, as a view. */
function slice(x: Tensor, dim: number, start: number, length: number, step: number): Tensor {
  const shape = x.shape.map((size, i) => (i === dim ? length : size));
  const strides = x.strides.map((stride, i) => (i === dim ? stride * step : stride));
  const offset = x.offset + (length > 0 ? start * (x.strides[dim] as number) : 0);
  return makeView("slice", x, { dim, start, length, step }, shape, strides, offset);
}

/** `length` neighbours along `dim` from `start` on, as a view. */
export function narrow(x: Tensor, dim: number, start: number, length: number): Tensor {
  const at = normalizeDim("narrow", dim, x.ndim);
  const size = x.shape[at] ?? 1;
  const begin = start < 0 ? start + size : start;
  if (x.ndim === 0 || begin < 0 || length < 0 || begin + length > size) {
    throw new ShapeError(`narrow: start ${start} and length ${length} leave dimension ${dim} of size ${size}`);
  }
  return slice(x, at, begin, length, 1);
}

/** Elements from `start` to before `end` along `dim`, every `step`-th, as a view; Python's slice rules. */
export function sliceDim(x: Tensor, dim: number, start: number | null, end: number | null, step = 1): Tensor {
  const at = normalizeDim("slice", dim, x.ndim);
  if (!Number.isInteger(step) || step < 1)
    throw new ShapeError(`slice: step must be a whole number of at least 1, got ${step}`);
  const size = x.shape[at] as number;
  const clip = (value: number): number => Math.min(Math.max(value < 0 ? value + size : value, 0), size);
  const begin = clip(start ?? 0);
  const stop = clip(end ?? size);
  return slice(x, at, begin, Math.max(0, Math.ceil((stop - begin) / step)), step);
}

/** The diagonal of two dimensions as the last dimension, as a view; `offset` above (or below) the main one. */
export function diagonal(x: Tensor, offset = 0, dim1 = 0, dim2 = 1): Tensor {
  const a = normalizeDim("diagonal", dim1, x.ndim);
  const b = normalizeDim("diagonal", dim2, x.ndim);
  if (a === b) throw new ShapeError(`diagonal: dimensions must differ, got ${dim1} and ${dim2}`);
  const [rows, columns] = [x.shape[a] as number, x.shape[b] as number];
  const length = Math.max(0, offset >= 0 ? Math.min(rows, columns - offset) : Math.min(rows + offset, columns));
  const rest = x.shape.map((_, i) => i).filter((i) => i !== a && i !== b);
  const start = length === 0 ? 0 : offset >= 0 ? offset * (x.strides[b] as number) : -offset * (x.strides[a] as number);
  return makeView(
    "diagonal",
    x,
    { offset, dim1: a, dim2: b },
    [...rest.map((i) => x.shape[i] as number), length],
    [...rest.map((i) => x.strides[i] as number), (x.strides[a] as number) + (x.strides[b] as number)],
    x.offset + start,
  );
}

/** Any strides over this tensor's memory; the caller sees to it that they stay inside. */
export function asStrided(x: Tensor, size: Shape, stride: Shape, storageOffset = 0): Tensor {
  const attributes = { shape: size, strides: stride, offset: storageOffset };
  return makeView("asStrided", x, attributes, size, stride, storageOffset);
}

/** Both tensors expanded to their common shape. */
export function broadcastPair(op: string, a: Tensor, b: Tensor): [Tensor, Tensor] {
  if (sameShape(a.shape, b.shape)) return [a, b];
  const shape = broadcastShapes(op, a.shape, b.shape);
  return [expand(a, shape), expand(b, shape)];
}
