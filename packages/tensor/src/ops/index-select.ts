import { allocate, scalar } from "../allocate.js";
import { DTypeError, ShapeError } from "../errors.js";
import { code, kernels } from "../launch.js";
import { inPlace, record } from "../recorder.js";
import { formatShape, normalizeDim, numberOfElements, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { clone } from "./cast.js";
import { scatter, scatter_ } from "./gather.js";
import { positionsOf } from "./positions.js";
import { dense, splitAround } from "./reduce.js";
import { apart } from "./scatter-into.js";
import { expand } from "./view.js";

function checkedPositions(op: string, x: Tensor, dim: number, index: Tensor): Tensor {
  if (index.ndim > 1) {
    throw new ShapeError(`${op}: expected an index of one dimension, got shape ${formatShape(index.shape)}`);
  }
  const positions = positionsOf(op, index, dim, x.shape[dim] ?? 1);
  return positions.ndim === 0 ? positions.reshape([1]) : positions;
}

/** x as a vector if it is a scalar, for the operations along a dimension. */
function atLeastVector(x: Tensor): Tensor {
  return x.ndim === 0 ? x.reshape([1]) : x;
}

/**
 * The slices of x along `dim` that `index` names, in its order; repeats are allowed.
 *
 * **Shapes** x: any; index (integers): [count]; result: as x, with count at `dim`.
 * @throws ShapeError if an index is out of bounds.
 * @example tensor([10, 20, 30]).indexSelect(0, tensor([2, 0])); // → [30, 10]
 */
export function indexSelect(x: Tensor, dim: number, index: Tensor): Tensor {
  const along = normalizeDim("indexSelect", dim, x.ndim);
  const positions = checkedPositions("indexSelect", x, along, index);
  if (x.ndim === 0) return indexSelect(x.reshape([1]), 0, positions).reshape([]);
  const { outer, n, inner } = splitAround(x.shape, along);
  const count = positions.shape[0] as number;
  const source = dense(x);
  const out = allocate(
    x.shape.map((size, i) => (i === along ? count : size)),
    x.dtype,
  );
  if (numberOfElements(out.shape) > 0) {
    kernels.indexSelect(code(x.dtype), outer, n, inner, count, source.address, positions.address, out.address);
  }
  return record("indexSelect", [x, positions], out, { dim: along });
}

/** Options of {@link indexAdd}. */
export interface IndexAddOptions {
  /** Factor of the source. Default 1. */
  alpha?: number;
}

interface IndexAddPlan {
  readonly dim: number;
  readonly positions: Tensor;
  readonly source: Tensor;
  readonly alpha: number;
}

function planIndexAdd(op: string, x: Tensor, dim: number, index: Tensor, source: Tensor, alpha: number): IndexAddPlan {
  const along = normalizeDim(op, dim, x.ndim);
  const positions = checkedPositions(op, x, along, index);
  checkSource(op, x, along, positions, source);
  return { dim: along, positions, source: atLeastVector(source), alpha };
}

function checkSource(op: string, x: Tensor, dim: number, positions: Tensor, source: Tensor): void {
  const expected = x.shape.map((size, i) => (i === dim ? (positions.shape[0] as number) : size));
  if (!sameShape(source.shape, expected)) {
    throw new ShapeError(
      `${op}: expected a source of shape ${formatShape(expected)}, got ${formatShape(source.shape)}`,
    );
  }
  if (source.dtype !== x.dtype) {
    throw new DTypeError(`${op}: expected a source of the tensor's dtype ${x.dtype}, got ${source.dtype}`);
  }
}

/** Adds into `out`, which is contiguous. */
function addInto(out: Tensor, plan: IndexAddPlan): void {
  const { dim, positions, alpha } = plan;
  if (numberOfElements(plan.source.shape) === 0) return;
  const source = dense(plan.source);
  const { outer, n, inner } = splitAround(out.shape, dim);
  const count = positions.shape[0] as number;
  const { address } = positions;
  kernels.indexAdd(code(out.dtype), outer, n, inner, count, address, source.address, out.address, alpha);
}

function added(x: Tensor, plan: IndexAddPlan): Tensor {
  const out = clone(x.detach());
  addInto(out, plan);
  return record("indexAdd", [x, plan.positions, plan.source], out, { dim: plan.dim, alpha: plan.alpha });
}

/**
 * A copy of x with `alpha · source` added to the slices along `dim` that `index` names; repeats add up.
 *
 * **Shapes** x: any; index: [count]; source: as x, with count at `dim`. Options: `alpha` (default 1).
 * @example zeros([2]).indexAdd(0, tensor([1, 1]), tensor([1.5, 2])); // → [0, 3.5]
 */
export function indexAdd(x: Tensor, dim: number, index: Tensor, source: Tensor, options: IndexAddOptions = {}): Tensor {
  const plan = planIndexAdd("indexAdd", x, dim, index, source, options.alpha ?? 1);
  return x.ndim === 0 ? added(x.reshape([1]), plan).reshape([]) : added(x, plan);
}

/** {@link indexAdd} in place. @example zeros([2]).indexAdd_(0, tensor([1, 1]), tensor([1.5, 2])); // → [0, 3.5] */
export function indexAdd_(
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
  options: IndexAddOptions = {},
): Tensor {
  const plan = planIndexAdd("indexAdd_", x, dim, index, source, options.alpha ?? 1);
  const compute = (old: Tensor): Tensor =>
    x.ndim === 0 ? added(old.reshape([1]), plan).reshape([]) : added(old, plan);
  const write = (self: Tensor): void => {
    if (self.isContiguous()) addInto(self, { ...plan, source: apart(self, plan.source) });
    else self.overwrite(compute(self));
  };
  return inPlace(x, [source], write, compute);
}

/** A one-dimensional index, repeated over the other dimensions of `shape`. */
function spread(positions: Tensor, shape: readonly number[], dim: number): Tensor {
  const size = shape.map((_, i) => (i === dim ? (positions.shape[0] as number) : 1));
  return expand(positions.reshape(size), shape);
}

function planIndexCopy(op: string, x: Tensor, dim: number, index: Tensor, source: Tensor): [number, Tensor] {
  const along = normalizeDim(op, dim, x.ndim);
  const positions = checkedPositions(op, x, along, index);
  checkSource(op, x, along, positions, source);
  return [along, x.ndim === 0 ? positions.reshape([]) : spread(positions, source.shape, along)];
}

/**
 * A copy of x with the slices along `dim` that `index` names replaced by those of `source`.
 *
 * **Shapes** as for {@link indexAdd}.
 * @example indexCopy(zeros([3, 2]), 0, tensor([2]), ones([1, 2])); // → [[0, 0], [0, 0], [1, 1]]
 */
export function indexCopy(x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  const [along, positions] = planIndexCopy("indexCopy", x, dim, index, source);
  return scatter(x, along, positions, source);
}

/**
 * {@link indexCopy} in place.
 * @example indexCopy_(zeros([3]), 0, tensor([2, 0]), tensor([1.5, 2])); // → [2, 0, 1.5]
 */
export function indexCopy_(x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  const [along, positions] = planIndexCopy("indexCopy_", x, dim, index, source);
  return scatter_(x, along, positions, source);
}

function planIndexFill(
  op: string,
  x: Tensor,
  dim: number,
  index: Tensor,
  value: Tensor | number,
): [number, Tensor, Tensor] {
  const along = normalizeDim(op, dim, x.ndim);
  const positions = checkedPositions(op, x, along, index);
  const shape = x.shape.map((size, i) => (i === along ? (positions.shape[0] as number) : size));
  const source = typeof value === "number" ? scalar(value, x.dtype) : value.to(x.dtype);
  if (source.ndim > 0) {
    throw new ShapeError(`${op}: expected a number or a 0-dimensional tensor, got shape ${formatShape(source.shape)}`);
  }
  return [along, x.ndim === 0 ? positions.reshape([]) : spread(positions, shape, along), expand(source, shape)];
}

/**
 * A copy of x with one value in the slices along `dim` that `index` names.
 *
 * **Shapes** x: any; index (integers): [count]; value: a number or 0-dimensional; result: as x.
 * @throws ShapeError if an index is out of bounds.
 * @example indexFill(zeros([3]), 0, tensor([0, 2]), 7); // → [7, 0, 7]
 */
export function indexFill(x: Tensor, dim: number, index: Tensor, value: Tensor | number): Tensor {
  const [along, positions, source] = planIndexFill("indexFill", x, dim, index, value);
  return scatter(x, along, positions, source);
}

/** {@link indexFill} in place. @example indexFill_(zeros([3]), 0, tensor([0, 2]), 7); // → [7, 0, 7] */
export function indexFill_(x: Tensor, dim: number, index: Tensor, value: Tensor | number): Tensor {
  const [along, positions, source] = planIndexFill("indexFill_", x, dim, index, value);
  return scatter_(x, along, positions, source);
}
