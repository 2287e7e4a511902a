import { itemSize } from "../dtype.js";
import { ShapeError } from "../errors.js";
import {
  checkStrides,
  formatShape,
  inferShape,
  normalizeDim,
  normalizeDims,
  numberOfElements,
  type Shape,
  viewStrides,
} from "../shape.js";
import type { Tensor } from "../tensor.js";
import { alias, stridedSlice } from "./alias.js";
import { clone } from "./cast.js";

type Sizes = [Shape] | number[];

/** Sizes given as a list or one by one. */
function sizes(args: Sizes): readonly number[] {
  const [first] = args;
  return typeof first === "object" ? first : (args as number[]);
}

/**
 * The same elements under another shape, without copying; one size may be −1.
 *
 * **Shapes** x: any; result: the sizes given, of as many elements.
 * @throws ShapeError if the strides do not allow it (then `reshape` copies), or the sizes do not fit.
 * @example arange(6).view(2, -1); // → [[0, 1, 2], [3, 4, 5]]
 */
export function view(x: Tensor, ...size: Sizes): Tensor {
  const shape = inferShape("view", sizes(size), x.numel());
  const strides = viewStrides(x.shape, x.strides, shape);
  if (strides === null) {
    throw new ShapeError(
      `view: shape ${formatShape(shape)} is not compatible with a tensor of shape ${formatShape(x.shape)} and strides ${formatShape(x.strides)}: at least one dimension spans two separate runs of memory; use .reshape(...) instead`,
    );
  }
  return alias("view", x, { shape }, shape, strides);
}

/**
 * The same elements under another shape; a view where the strides allow it, else a copy. One size may be −1.
 *
 * **Shapes** x: any; result: the sizes given, of as many elements.
 * @throws ShapeError if the sizes do not fit.
 * @example arange(6).reshape(-1, 3); // → [[0, 1, 2], [3, 4, 5]]
 */
export function reshape(x: Tensor, ...shape: Sizes): Tensor {
  const target = inferShape("reshape", sizes(shape), x.numel());
  const strides = viewStrides(x.shape, x.strides, target);
  return strides === null ? view(clone(x), target) : alias("view", x, { shape: target }, target, strides);
}

/**
 * This tensor in the shape of another, as a view; see {@link view}.
 * @example viewAs(arange(4), zeros([2, 2])); // → [[0, 1], [2, 3]]
 */
export function viewAs(x: Tensor, other: Tensor): Tensor {
  return view(x, other.shape);
}

/**
 * This tensor in the shape of another; a view where the strides allow it, else a copy.
 * @example arange(4).reshapeAs(zeros([2, 2])); // → [[0, 1], [2, 3]]
 */
export function reshapeAs(x: Tensor, other: Tensor): Tensor {
  return reshape(x, other.shape);
}

/**
 * All elements as a vector; a view where the strides allow it, else a copy.
 * @example tensor([[1, 2], [3, 4]]).ravel(); // → [1, 2, 3, 4]
 */
export function ravel(x: Tensor): Tensor {
  return reshape(x, [-1]);
}

/**
 * Merges the dimensions from `startDim` to `endDim` into one; a view where the strides allow it, else a copy.
 *
 * **Shapes** x: any; result: the product of the sizes in place of them; a scalar becomes [1].
 * @example zeros([8, 3, 4, 4]).flatten(1).shape; // → [8, 48]
 */
export function flatten(x: Tensor, startDim = 0, endDim = -1): Tensor {
  if (x.ndim === 0) return reshape(x, [1]);
  const start = normalizeDim("flatten", startDim, x.ndim);
  const end = normalizeDim("flatten", endDim, x.ndim);
  if (start > end) throw new ShapeError(`flatten: startDim ${startDim} must not come after endDim ${endDim}`);
  if (start === end) return x;
  const merged = numberOfElements(x.shape.slice(start, end + 1));
  return reshape(x, [...x.shape.slice(0, start), merged, ...x.shape.slice(end + 1)]);
}

/**
 * Splits one dimension into several; one size may be −1.
 *
 * **Shapes** x: […, n, …]; result: […, …sizes, …].
 * @throws ShapeError if the sizes do not make n.
 * @example unflatten(arange(4), 0, [2, -1]); // → [[0, 1], [2, 3]]
 */
export function unflatten(x: Tensor, dim: number, shape: Shape): Tensor {
  const at = normalizeDim("unflatten", dim, x.ndim);
  const inner = inferShape("unflatten", shape, x.shape[at] as number);
  return view(x, [...x.shape.slice(0, at), ...inner, ...x.shape.slice(at + 1)]);
}

/**
 * Removes dimensions of size 1, as a view: all of them, or those named if their size is 1.
 *
 * **Shapes** x: any; result: without these dimensions.
 * @example zeros([3, 1, 2, 1]).squeeze(1).shape; // → [3, 2, 1]
 */
export function squeeze(x: Tensor, dim?: number | Shape): Tensor {
  const dims = new Set(normalizeDims("squeeze", dim, x.ndim));
  const kept = x.shape.map((_, i) => i).filter((i) => x.shape[i] !== 1 || !dims.has(i));
  const shape = kept.map((i) => x.shape[i] as number);
  return alias(
    "view",
    x,
    { shape },
    shape,
    kept.map((i) => x.strides[i] as number),
  );
}

/**
 * Inserts a dimension of size 1 at `dim`, as a view.
 *
 * **Shapes** x: any; result: one dimension more.
 * @throws ShapeError if dim is out of range.
 * @example zeros([3, 2]).unsqueeze(-1).shape; // → [3, 2, 1]
 */
export function unsqueeze(x: Tensor, dim: number): Tensor {
  const at = normalizeDim("unsqueeze", dim, x.ndim + 1);
  const shape = [...x.shape.slice(0, at), 1, ...x.shape.slice(at)];
  const step = at < x.ndim ? (x.shape[at] as number) * (x.strides[at] as number) : 1;
  return alias("view", x, { shape }, shape, [...x.strides.slice(0, at), step, ...x.strides.slice(at)]);
}

/**
 * The dimensions in another order, as a view.
 *
 * **Shapes** x: n dimensions; result: size i is x's size of dimension `dims[i]`.
 * @throws ShapeError unless each dimension is named once.
 * @example zeros([2, 3, 4]).permute(2, 0, 1).shape; // → [4, 2, 3]
 */
export function permute(x: Tensor, ...dims: Sizes): Tensor {
  const list = sizes(dims);
  const order = list.map((dim) => normalizeDim("permute", dim, x.ndim));
  if (order.length !== x.ndim || new Set(order).size !== order.length) {
    throw new ShapeError(
      `permute: expected each of the ${x.ndim} dimensions once, got ${formatShape(list)} for shape ${formatShape(x.shape)}`,
    );
  }
  const pick = (from: Shape): number[] => order.map((dim) => from[dim] as number);
  return alias("permute", x, { dims: order }, pick(x.shape), pick(x.strides));
}

/**
 * Two dimensions exchanged, as a view.
 *
 * **Shapes** x: any; result: the two sizes exchanged.
 * @throws ShapeError for a dimension out of range.
 * @example transpose(tensor([[1, 2], [3, 4]]), 0, 1); // → [[1, 3], [2, 4]]
 */
export function transpose(x: Tensor, dim0: number, dim1: number): Tensor {
  const a = normalizeDim("transpose", dim0, x.ndim);
  const b = normalizeDim("transpose", dim1, x.ndim);
  if (x.ndim === 0) return x;
  const order = x.shape.map((_, i) => (i === a ? b : i === b ? a : i));
  return permute(x, order);
}

/**
 * The transposed matrix, as a view; tensors of fewer than two dimensions as they are.
 *
 * **Shapes** x: [n, m]; result: [m, n].
 * @throws ShapeError for more than two dimensions.
 * @example tensor([[1, 2], [3, 4]]).t(); // → [[1, 3], [2, 4]]
 */
export function t(x: Tensor): Tensor {
  if (x.ndim > 2) throw new ShapeError(`t: expected at most 2 dimensions, got shape ${formatShape(x.shape)}`);
  return x.ndim < 2 ? x : transpose(x, 0, 1);
}

/**
 * {@link transpose} under NumPy's name.
 * @example swapaxes(zeros([2, 3]), 0, 1).shape; // → [3, 2]
 */
export function swapaxes(x: Tensor, axis0: number, axis1: number): Tensor {
  return transpose(x, axis0, axis1);
}

/**
 * Moves dimensions to other places, as a view; the others keep their order.
 *
 * **Shapes** x: any; result: its sizes in another order.
 * @throws ShapeError for a dimension out of range or named twice.
 * @example zeros([2, 3, 4]).movedim(0, -1).shape; // → [3, 4, 2]
 */
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

/**
 * Repeats dimensions of size 1 without copying, as a view; more sizes than dimensions add some in front, −1
 * keeps a size.
 *
 * **Shapes** x: any; result: the sizes given.
 * @throws ShapeError if another size than 1 would change.
 * @example tensor([[1], [2]]).expand(-1, 2); // → [[1, 1], [2, 2]]
 */
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
  return alias("expand", x, { shape }, shape, strides);
}

/**
 * This tensor expanded to the shape of another, as a view; see {@link expand}.
 * @example expandAs(tensor([1, 2]), zeros([2, 2])); // → [[1, 2], [1, 2]]
 */
export function expandAs(x: Tensor, other: Tensor): Tensor {
  return expand(x, other.shape);
}

/**
 * {@link expand} under NumPy's name.
 * @example broadcastTo(tensor([1, 2]), [2, 2]); // → [[1, 2], [1, 2]]
 */
export function broadcastTo(x: Tensor, size: Shape): Tensor {
  return expand(x, size);
}

/**
 * The slice at `index` along `dim`, as a view without that dimension; −1 is the last.
 *
 * **Shapes** x: any; result: without `dim`.
 * @throws ShapeError if the index is out of bounds.
 * @example select(tensor([[1, 2], [3, 4]]), 0, -1); // → [3, 4]
 */
export function select(x: Tensor, dim: number, index: number): Tensor {
  if (x.ndim === 0) throw new ShapeError("select: a 0-dimensional tensor has no dimension to select from");
  const at = normalizeDim("select", dim, x.ndim);
  const size = x.shape[at] as number;
  if (!Number.isInteger(index) || index < -size || index >= size) {
    throw new ShapeError(`select: index ${index} is out of bounds for dimension ${at} with size ${size}`);
  }
  const position = index < 0 ? index + size : index;
  const without = (list: Shape): number[] => list.filter((_, i) => i !== at);
  const offset = x.offset + position * (x.strides[at] as number);
  return alias("select", x, { dim: at, index: position }, without(x.shape), without(x.strides), offset);
}

/**
 * Neighbours along `dim`, `length` of them from `start` on, as a view; a negative start counts from the end.
 *
 * **Shapes** x: any; result: `length` along `dim`.
 * @throws ShapeError if the range leaves the dimension.
 * @example narrow(arange(6), 0, 2, 3); // → [2, 3, 4]
 */
export function narrow(x: Tensor, dim: number, start: number, length: number): Tensor {
  if (x.ndim === 0) throw new ShapeError("narrow: a 0-dimensional tensor has no dimension to narrow");
  const along = normalizeDim("narrow", dim, x.ndim);
  const size = x.shape[along] as number;
  const begin = start < 0 ? start + size : start;
  const isRange = Number.isInteger(start) && Number.isInteger(length) && begin >= 0 && length >= 0;
  if (!isRange || begin + length > size) {
    throw new ShapeError(`narrow: start ${start} and length ${length} leave dimension ${along} of size ${size}`);
  }
  return stridedSlice(x, along, begin, length, 1);
}

/**
 * The diagonal of two dimensions as the last dimension, as a view; `offset` above (or below) the main one.
 *
 * **Shapes** x: at least 2 dimensions; result: without the two, with their diagonal last.
 * @throws ShapeError if the dimensions are the same or out of range.
 * @example diagonal(tensor([[1, 2], [3, 4]])); // → [1, 4]
 */
export function diagonal(x: Tensor, offset = 0, dim1 = 0, dim2 = 1): Tensor {
  const a = normalizeDim("diagonal", dim1, x.ndim);
  const b = normalizeDim("diagonal", dim2, x.ndim);
  if (a === b) throw new ShapeError(`diagonal: dimensions must differ, got ${dim1} and ${dim2}`);
  const [rows, columns] = [x.shape[a] as number, x.shape[b] as number];
  const length = Math.max(0, offset >= 0 ? Math.min(rows, columns - offset) : Math.min(rows + offset, columns));
  const rest = x.shape.map((_, i) => i).filter((i) => i !== a && i !== b);
  const start = length === 0 ? 0 : offset >= 0 ? offset * (x.strides[b] as number) : -offset * (x.strides[a] as number);
  return alias(
    "diagonal",
    x,
    { offset, dim1: a, dim2: b },
    [...rest.map((i) => x.shape[i] as number), length],
    [...rest.map((i) => x.strides[i] as number), (x.strides[a] as number) + (x.strides[b] as number)],
    x.offset + start,
  );
}

/**
 * All windows of `size` elements along `dim`, `step` apart, as a view: they become a new last dimension.
 *
 * **Shapes** x: […, n, …]; result: […, ⌊(n − size) / step⌋ + 1, …, size].
 * @throws ShapeError if no window fits, or step is below 1.
 * @example arange(5).unfold(0, 3, 2); // → [[0, 1, 2], [2, 3, 4]]
 */
export function unfold(x: Tensor, dim: number, size: number, step: number): Tensor {
  const along = normalizeDim("unfold", dim, x.ndim);
  const n = x.shape[along] ?? 1;
  const stride = x.strides[along] ?? 1;
  if (!Number.isInteger(size) || size < 0 || size > n || !Number.isInteger(step) || step < 1) {
    throw new ShapeError(
      `unfold: expected a size of 0 to ${n}, the size of dimension ${along}, and a step of at least 1, got ${size} and ${step}`,
    );
  }
  const windows = Math.floor((n - size) / step) + 1;
  const shape = x.shape.map((own, i) => (i === along ? windows : own));
  const strides = x.strides.map((own, i) => (i === along ? own * step : own));
  return x.ndim === 0 ? asStrided(x, [size], [1]) : asStrided(x, [...shape, size], [...strides, stride]);
}

/**
 * Any layout over this tensor's memory, as a view.
 *
 * **Shapes** x: any; result: `size`. `storageOffset`: first element, counted from the start of the memory; default x's own.
 * @throws ShapeError if the layout leaves the memory.
 * @example arange(4).asStrided([3, 2], [1, 1]); // → [[0, 1], [1, 2], [2, 3]]
 */
export function asStrided(x: Tensor, size: Shape, stride: Shape, storageOffset = x.offset): Tensor {
  checkStrides("asStrided", size, stride);
  if (!Number.isInteger(storageOffset) || storageOffset < 0) {
    throw new ShapeError(`asStrided: expected a whole offset of at least 0, got ${storageOffset}`);
  }
  const last = size.reduce((position, own, i) => position + (own - 1) * (stride[i] as number), storageOffset);
  const available = Math.floor(x.storage.bytes / itemSize(x.dtype));
  if (!size.includes(0) && last >= available) {
    throw new ShapeError(
      `asStrided: sizes ${formatShape(size)} with strides ${formatShape(stride)} reach element ${last} of a memory of ${available}`,
    );
  }
  const input = { strides: x.strides, offset: x.offset };
  const attributes = { shape: [...size], strides: [...stride], offset: storageOffset, input };
  return alias("asStrided", x, attributes, attributes.shape, attributes.strides, storageOffset);
}

function atLeast(x: Tensor, shape: Shape): Tensor {
  return alias("view", x, { shape }, shape, viewStrides(x.shape, x.strides, shape) as number[]);
}

/**
 * x with at least 1 dimension.
 *
 * **Shapes** x: any; result: of [], [1]; else the same.
 * @example atleast1d(tensor(5)); // → [5]
 */
export function atleast1d(x: Tensor): Tensor {
  return x.ndim === 0 ? atLeast(x, [1]) : x;
}

/**
 * x with at least 2 dimensions.
 *
 * **Shapes** x: any; result: of [n], a row [1, n]; of [], [1, 1]; else the same.
 * @example atleast2d(tensor([5, 6])); // → [[5, 6]]
 */
export function atleast2d(x: Tensor): Tensor {
  return x.ndim < 2 ? atLeast(x, [1, x.shape[0] ?? 1]) : x;
}

/**
 * x with at least 3 dimensions.
 *
 * **Shapes** x: any; result: of [n, m], [n, m, 1]; of [n], [1, n, 1]; of [], [1, 1, 1]; else the same.
 * @example atleast3d(tensor([5, 6])); // → [[[5], [6]]]
 */
export function atleast3d(x: Tensor): Tensor {
  if (x.ndim > 2) return x;
  return atLeast(x, x.ndim === 2 ? [...x.shape, 1] : [1, x.shape[0] ?? 1, 1]);
}
