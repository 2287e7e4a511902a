import { allocate, filled, scalar } from "../allocate.js";
import { DTypeError, ShapeError, UsageError } from "../errors.js";
import { inPlace } from "../recorder.js";
import { broadcastShapes, formatShape, numberOfElements, type Shape, viewStrides } from "../shape.js";
import { type NestedArray, Tensor } from "../tensor.js";
import { stridedSlice } from "./alias.js";
import { tensor } from "./creation.js";
import { cast } from "./elementwise.js";
import { copy_ } from "./fill.js";
import { nonzeroPerDim } from "./nonzero-positions.js";
import { positionsOf } from "./positions.js";
import { apart, scatterInto } from "./scatter-into.js";
import type { Slice } from "./slice.js";
import { expand, permute, reshape, select, unsqueeze } from "./view.js";

/**
 * What stands between the brackets of `x[…]` in Python: a position, null (a new dimension), "..." (all
 * dimensions in between), `slice(start, stop, step)`, a bool, an integer or bool tensor, or nested arrays of
 * such numbers.
 */
export type IndexItem = number | null | "..." | Slice | boolean | Tensor | readonly NestedArray[];

/** An index taken apart: a view by the simple items, and checked positions for those of its dimensions that have some. */
interface Plan {
  readonly view: Tensor;
  readonly positions: readonly (Tensor | null)[];
}

function isMask(item: IndexItem): item is Tensor {
  return item instanceof Tensor && item.dtype === "bool" && item.ndim > 0;
}

/** How many of x's dimensions an item stands for. */
function dimsOf(item: IndexItem): number {
  if (item === null || item === "..." || typeof item === "boolean") return 0;
  if (item instanceof Tensor && item.dtype === "bool") return item.ndim;
  return 1;
}

function asTensor(op: string, item: IndexItem): IndexItem {
  if (Array.isArray(item)) return tensor(item as NestedArray, item.length === 0 ? { dtype: "int32" } : {});
  if (!(item instanceof Tensor)) return item;
  if (item.dtype === "uint8") {
    throw new DTypeError(
      `${op}: a uint8 index could be a mask or positions; say which with .to("bool") or .to("int32")`,
    );
  }
  if (item.ndim === 0) return item.dtype === "bool" ? item.item() !== 0 : item.isFloatingPoint() ? item : item.item();
  return item;
}

function applySlice(op: string, view: Tensor, dim: number, item: Slice): Tensor {
  const size = view.shape[dim] as number;
  const step = item.step ?? 1;
  for (const bound of [item.start ?? 0, item.stop ?? 0, step]) {
    if (!Number.isInteger(bound))
      throw new UsageError(`${op}: slice bounds must be whole numbers or null, got ${bound}`);
  }
  if (step < 1)
    throw new UsageError(`${op}: the step of a slice must be greater than 0, got ${step}; use flip to reverse`);
  const clip = (value: number): number => Math.min(Math.max(value < 0 ? value + size : value, 0), size);
  const start = clip(item.start ?? 0);
  const length = Math.max(0, Math.ceil((clip(item.stop ?? size) - start) / step));
  return length === size ? view : stridedSlice(view, dim, start, length, step);
}

function checkMaskShape(op: string, x: Tensor, mask: Tensor, dim: number): void {
  const covered = x.shape.slice(dim, dim + mask.ndim);
  if (covered.every((size, i) => size === mask.shape[i])) return;
  throw new ShapeError(
    `${op}: the mask's shape ${formatShape(mask.shape)} must equal the sizes that it covers, ${formatShape(covered)} from dimension ${dim} of ${formatShape(x.shape)}`,
  );
}

function plan(op: string, x: Tensor, given: readonly IndexItem[]): Plan {
  const items = given.map((item) => asTensor(op, item));
  const used = items.reduce<number>((count, item) => count + dimsOf(item), 0);
  if (used > x.ndim) {
    throw new ShapeError(
      `${op}: too many indices: ${used} for a tensor of ${x.ndim} dimensions, shape ${formatShape(x.shape)}`,
    );
  }
  if (items.filter((item) => item === "...").length > 1) throw new UsageError(`${op}: "..." may stand only once`);
  let view = x;
  let dim = 0; // of the view
  let own = 0; // of x
  const positions: (Tensor | null)[] = [];
  for (const item of items) {
    if (item === "...") {
      dim += x.ndim - used;
      own += x.ndim - used;
    } else if (item === null) {
      view = unsqueeze(view, dim++);
    } else if (typeof item === "boolean") {
      view = unsqueeze(view, dim);
      positions[dim++] = item ? filled([1], "int32", 0) : allocate([0], "int32");
    } else if (typeof item === "number") {
      const size = x.shape[own] as number;
      if (!Number.isInteger(item) || item < -size || item >= size) {
        throw new ShapeError(`${op}: index ${item} is out of bounds for dimension ${own} with size ${size}`);
      }
      view = select(view, dim, item);
      own++;
    } else if (isMask(item)) {
      checkMaskShape(op, x, item, own);
      for (const column of nonzeroPerDim(item)) positions[dim++] = column;
      own += item.ndim;
    } else if (item instanceof Tensor) {
      positions[dim++] = positionsOf(op, item, own, x.shape[own] as number, { wrap: true });
      own++;
    } else {
      view = applySlice(op, view, dim++, item as Slice);
      own++;
    }
  }
  return { view, positions };
}

/** Positions in several dimensions as positions in one: how to reach them, and the shape that replaces the dimensions. */
interface Merged {
  /** Order in which the dimensions of the view are taken, null for their own. */
  readonly order: readonly number[] | null;
  /** Shape with the indexed dimensions merged into the one at `dim`. */
  readonly shape: readonly number[];
  readonly dim: number;
  readonly positions: Tensor;
  /** Shape with that dimension replaced by the dimensions of the indices. */
  readonly result: readonly number[];
}

function merge(op: string, { view, positions }: Plan): Merged {
  const dims = view.shape.map((_, i) => i).filter((i) => positions[i]);
  let common: Shape = [];
  try {
    for (const dim of dims) common = broadcastShapes(op, common, (positions[dim] as Tensor).shape);
  } catch (error) {
    const shapes = dims.map((dim) => formatShape((positions[dim] as Tensor).shape)).join(", ");
    throw new ShapeError(`${op}: the index tensors cannot be broadcast together, shapes ${shapes}`, { cause: error });
  }
  const first = dims[0] as number;
  const isRun = dims.every((dim, i) => dim === first + i);
  const rest = view.shape.map((_, i) => i).filter((i) => !positions[i]);
  const dim = isRun ? first : 0;
  const sizes = rest.map((i) => view.shape[i] as number);
  const around = (middle: Shape): number[] => [...sizes.slice(0, dim), ...middle, ...sizes.slice(dim)];
  let flat: Tensor | null = null;
  for (const i of dims) {
    const own = positions[i] as Tensor;
    flat = flat === null ? own : flat.mul(view.shape[i] as number).add(own);
  }
  return {
    order: isRun ? null : [...dims, ...rest],
    shape: around([dims.reduce((product, i) => product * (view.shape[i] as number), 1)]),
    dim,
    positions: expand(flat as Tensor, common).reshape([-1]),
    result: around(common),
  };
}

/**
 * `x[items]` as in Python and PyTorch: positions, slices, null and "..." give a view; integer tensors pick
 * (several broadcast together), bool masks select, both as a copy.
 *
 * **Shapes** the dimensions of index tensors replace those they index, in place if these are neighbours, else
 * in front.
 * @throws ShapeError for a position out of bounds (naming position, dimension and size), too many items, a
 * mask that does not fit, or index tensors that do not broadcast.
 * @example
 * const x = arange(12).reshape(3, 4);
 * x.index(-1, slice(1, 3)); // → [9, 10]
 * x.index("...", null, 0).shape; // → [3, 1]
 * x.index([0, 2], [1, 1]); // → [1, 9]
 * x.index(x.gt(9)); // → [10, 11]
 */
export function index(x: Tensor, ...items: IndexItem[]): Tensor {
  const parts = plan("index", x, items);
  if (parts.positions.length === 0) return parts.view;
  const { order, shape, dim, positions, result } = merge("index", parts);
  const arranged = order === null ? parts.view : permute(parts.view, order);
  return reshape(reshape(arranged, shape).indexSelect(dim, positions), result);
}

/** Options of {@link indexPut} and {@link indexPut_}. */
export interface IndexPutOptions {
  /** Adds to what is there, repeats too, instead of overwriting it. Default false. */
  accumulate?: boolean;
}

/** Writes `value` at what a plan with positions shows, in place. */
function put(op: string, parts: Plan, value: Tensor, accumulate: boolean): void {
  const { order, shape, dim, positions, result } = merge(op, parts);
  const count = numberOfElements(positions.shape);
  const source = reshape(
    fitValue(op, value, result),
    shape.map((size, i) => (i === dim ? count : size)),
  );
  const along = expand(
    reshape(
      positions,
      shape.map((_, i) => (i === dim ? count : 1)),
    ),
    source.shape,
  );
  const arrange = (t: Tensor): Tensor => (order === null ? t : permute(t, order));
  const compute = (old: Tensor): Tensor => {
    const arranged = arrange(old);
    const rows = reshape(arranged, shape);
    const written = accumulate ? rows.scatterAdd(dim, along, source) : rows.scatter(dim, along, source);
    const restored = reshape(written, arranged.shape);
    return order === null
      ? restored
      : permute(
          restored,
          order.map((_, i) => order.indexOf(i)),
        );
  };
  const write = (self: Tensor): void => {
    const arranged = arrange(self);
    const strides = viewStrides(arranged.shape, arranged.strides, shape);
    if (strides === null) {
      self.overwrite(compute(self));
      return;
    }
    const rows = new Tensor(self.storage, self.dtype, shape, strides, arranged.offset);
    scatterInto(accumulate ? "add" : "set", rows, dim, along, apart(self, source));
  };
  inPlace(parts.view, [source], write, compute);
}

/** `value` broadcast to `shape`; leading dimensions of size 1 too many do no harm. */
function fitValue(op: string, value: Tensor, shape: Shape): Tensor {
  let fitted = value;
  while (fitted.ndim > shape.length && fitted.shape[0] === 1) fitted = select(fitted, 0, 0);
  const lead = shape.length - fitted.ndim;
  if (lead < 0 || fitted.shape.some((size, i) => size !== 1 && size !== shape[i + lead])) {
    throw new ShapeError(
      `${op}: a value of shape ${formatShape(value.shape)} does not broadcast to the indexed part, ${formatShape(shape)}`,
    );
  }
  return expand(fitted, shape);
}

function valueTensor(x: Tensor, value: Tensor | NestedArray): Tensor {
  if (value instanceof Tensor) return cast(value, x.dtype);
  return typeof value === "object" ? tensor(value, { dtype: x.dtype }) : scalar(value, x.dtype);
}

/**
 * `x[items] = value` in place, for the items that `index` takes; returns x. The value broadcasts and is
 * converted. Of repeated positions the last counts.
 *
 * @throws ShapeError as `index`, or if the value does not broadcast to the indexed part.
 * @example
 * const x = zeros([2, 3]);
 * x.setIndex([slice(), 0], 1); // → [[1, 0, 0], [1, 0, 0]]
 * x.setIndex([x.eq(0)], -1); // → [[1, -1, -1], [1, -1, -1]]
 */
export function setIndex(x: Tensor, items: readonly IndexItem[], value: Tensor | NestedArray): Tensor {
  const parts = plan("setIndex", x, items);
  const source = valueTensor(x, value);
  if (parts.positions.length === 0) copy_(parts.view, fitValue("setIndex", source, parts.view.shape));
  else put("setIndex", parts, source, false);
  return x;
}

/**
 * Writes `values` at the positions that one index tensor (or bool mask, or null for a whole dimension) per
 * dimension gives, in place. Options: `accumulate` (default false) adds instead, repeats too.
 *
 * **Shapes** x: any; indices: any that broadcast together; values: any that broadcasts to the indexed part; result: x.
 * @throws ShapeError for a position out of bounds, or shapes that do not broadcast.
 * @example zeros([3]).indexPut_([tensor([0, 0, 2])], tensor([1.5, 1.5, 2]), { accumulate: true }); // → [3, 0, 2]
 */
export function indexPut_(
  x: Tensor,
  indices: readonly (Tensor | null)[],
  values: Tensor,
  options: IndexPutOptions = {},
): Tensor {
  if (values.dtype !== x.dtype) throw new DTypeError(`indexPut_: expected values of ${x.dtype}, got ${values.dtype}`);
  const all: Slice = { kind: "slice", start: null, stop: null, step: null };
  const parts = plan(
    "indexPut_",
    x,
    indices.map((item) => item ?? all),
  );
  if (parts.positions.length === 0) throw new UsageError("indexPut_: expected at least one index tensor");
  put("indexPut_", parts, values, options.accumulate ?? false);
  return x;
}

/**
 * {@link indexPut_} on a copy.
 * @example
 * const x = zeros([3]);
 * x.indexPut([tensor([0, 2])], tensor([1.5, 2])); // → [1.5, 0, 2]
 * x; // → [0, 0, 0]
 */
export function indexPut(
  x: Tensor,
  indices: readonly (Tensor | null)[],
  values: Tensor,
  options: IndexPutOptions = {},
): Tensor {
  return indexPut_(x.clone(), indices, values, options);
}
