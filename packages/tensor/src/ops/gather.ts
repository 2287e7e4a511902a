import { allocate, scalar } from "../allocate.js";
import { DTypeError, ShapeError, UsageError } from "../errors.js";
import { code, kernels, writeMeta } from "../launch.js";
import { inPlace, record } from "../recorder.js";
import { formatShape, normalizeDim, numberOfElements, type Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { clone } from "./cast.js";
import { onesLike } from "./creation.js";
import type { TensorOrNumber } from "./elementwise.js";
import { positionsOf } from "./positions.js";
import { apart, scatterInto } from "./scatter-into.js";
import { expand, narrow } from "./view.js";
import { where } from "./where.js";

function checkIndexShape(op: string, x: Tensor, dim: number, index: Tensor): void {
  if (index.ndim !== x.ndim) {
    throw new ShapeError(
      `${op}: expected an index of as many dimensions as the tensor's ${formatShape(x.shape)}, got ${formatShape(index.shape)}`,
    );
  }
  const large = index.shape.findIndex((size, i) => i !== dim && size > (x.shape[i] as number));
  if (large === -1) return;
  throw new ShapeError(
    `${op}: index ${formatShape(index.shape)} is larger than the tensor ${formatShape(x.shape)} at dimension ${large}; only dimension ${dim} may be larger`,
  );
}

/**
 * Picks elements along a dimension: `out[i][j][k] = x[i][index[i][j][k]][k]` for `dim` 1, and likewise for others.
 *
 * **Shapes** x: any; index (integers): as many dimensions, none but `dim` larger than x's; result: as index.
 * @throws ShapeError if an index is out of bounds.
 * @example tensor([[1, 2], [3, 4]]).gather(1, tensor([[0, 0], [1, 0]])); // → [[1, 1], [4, 3]]
 */
export function gather(x: Tensor, dim: number, index: Tensor): Tensor {
  const along = normalizeDim("gather", dim, x.ndim);
  checkIndexShape("gather", x, along, index);
  const positions = positionsOf("gather", index, along, x.shape[along] ?? 1);
  const out = allocate(index.shape, x.dtype);
  if (numberOfElements(index.shape) > 0) {
    const meta = writeMeta([...index.shape, ...x.strides, ...positions.strides]);
    kernels.gather(code(x.dtype), x.ndim, along, meta, x.address, positions.address, out.address);
  }
  return record("gather", [x, positions], out, { dim: along });
}

interface ScatterPlan {
  readonly dim: number;
  readonly positions: Tensor;
  /** Of the shape of the positions. */
  readonly source: Tensor;
}

function planScatter(op: string, x: Tensor, dim: number, index: Tensor, source: TensorOrNumber): ScatterPlan {
  const along = normalizeDim(op, dim, x.ndim);
  checkIndexShape(op, x, along, index);
  const positions = positionsOf(op, index, along, x.shape[along] ?? 1);
  if (typeof source !== "object") {
    return { dim: along, positions, source: expand(scalar(source, x.dtype), index.shape) };
  }
  if (source.dtype !== x.dtype) {
    throw new DTypeError(`${op}: expected a source of the tensor's dtype ${x.dtype}, got ${source.dtype}`);
  }
  if (source.ndim !== index.ndim || index.shape.some((size, i) => size > (source.shape[i] as number))) {
    throw new ShapeError(
      `${op}: the index ${formatShape(index.shape)} is larger than the source ${formatShape(source.shape)}`,
    );
  }
  let part = source;
  for (const [i, size] of index.shape.entries()) if (size !== part.shape[i]) part = narrow(part, i, 0, size);
  return { dim: along, positions, source: part };
}

function scattered(op: "scatter" | "scatterAdd", x: Tensor, plan: ScatterPlan): Tensor {
  const { dim, positions, source } = plan;
  const out = clone(x.detach());
  scatterInto(op === "scatter" ? "set" : "add", out, dim, positions, source);
  return record(op, [x, positions, source], out, { dim });
}

function scatterInPlace(op: "scatter" | "scatterAdd", x: Tensor, plan: ScatterPlan): Tensor {
  const { dim, positions, source } = plan;
  return inPlace(
    x,
    [source],
    (self) => scatterInto(op === "scatter" ? "set" : "add", self, dim, positions, apart(self, source)),
    (old) => scattered(op, old, plan),
  );
}

/**
 * A copy of x with `source` (or one number) written where `index` says, the counterpart of `gather`:
 * `out[i][index[i][j][k]][k] = source[i][j][k]` for `dim` 1. Of repeated positions the last counts.
 *
 * **Shapes** x: any; index: as many dimensions, none but `dim` larger than x's; source: at least as large as index.
 * @throws ShapeError if an index is out of bounds; DTypeError if source is of another dtype.
 * @example zeros([3]).scatter(0, tensor([2, 0]), tensor([1.5, 2.5])); // → [2.5, 0, 1.5]
 */
export function scatter(x: Tensor, dim: number, index: Tensor, source: TensorOrNumber): Tensor {
  return scattered("scatter", x, planScatter("scatter", x, dim, index, source));
}

/** {@link scatter} in place. @example zeros([3]).scatter_(0, tensor([2, 0]), 1.5); // → [1.5, 0, 1.5] */
export function scatter_(x: Tensor, dim: number, index: Tensor, source: TensorOrNumber): Tensor {
  return scatterInPlace("scatter", x, planScatter("scatter_", x, dim, index, source));
}

/**
 * A copy of x with `source` added where `index` says; what meets at one position adds up.
 *
 * **Shapes** as for `scatter`.
 * @example zeros([2]).scatterAdd(0, tensor([1, 1]), tensor([1.5, 2])); // → [0, 3.5]
 */
export function scatterAdd(x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  return scattered("scatterAdd", x, planScatter("scatterAdd", x, dim, index, source));
}

/**
 * {@link scatterAdd} in place.
 * @example zeros([2]).scatterAdd_(0, tensor([1, 1]), tensor([1.5, 2])); // → [0, 3.5]
 */
export function scatterAdd_(x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  return scatterInPlace("scatterAdd", x, planScatter("scatterAdd_", x, dim, index, source));
}

/**
 * The elements at `index` of x read as one row; −1 is the last.
 *
 * **Shapes** x: any; index (integers): any; result: as index.
 * @throws ShapeError if an index is out of bounds.
 * @example take(tensor([[1, 2], [3, 4]]), tensor([0, -1])); // → [1, 4]
 */
export function take(x: Tensor, index: Tensor): Tensor {
  const count = numberOfElements(x.shape);
  const range = `a tensor of ${count} elements`;
  const positions = positionsOf("take", index, 0, count, { wrap: true, range });
  return x
    .reshape([-1])
    .gather(0, positions.reshape([-1]))
    .reshape(index.shape);
}

/**
 * {@link gather} whose index broadcasts against x in the other dimensions; without `dim`, over x read as one row.
 *
 * **Shapes** x: any; indices (integers): as many dimensions, broadcasting but in `dim`; result: the common shape.
 * @example
 * const x = tensor([[3, 1, 2]]);
 * x.takeAlongDim(x.argsort(1), 1); // → [[1, 2, 3]]
 */
export function takeAlongDim(x: Tensor, indices: Tensor, dim?: number): Tensor {
  if (dim === undefined) return x.reshape([-1]).gather(0, indices.reshape([-1]));
  if (indices.ndim !== x.ndim) {
    throw new ShapeError(
      `takeAlongDim: expected indices of as many dimensions as ${formatShape(x.shape)}, got ${formatShape(indices.shape)}`,
    );
  }
  const along = normalizeDim("takeAlongDim", dim, x.ndim);
  const common = (own: Shape, other: Shape): number[] =>
    own.map((size, i) => (i === along || size !== 1 ? size : (other[i] as number)));
  return expand(x, common(x.shape, indices.shape)).gather(along, expand(indices, common(indices.shape, x.shape)));
}

const reductions = { sum: "add", mean: "add", amax: "max", amin: "min", prod: "mul" } as const;

/**
 * A copy of x in which the elements of `source` that `index` sends to one position are reduced to their "sum", "mean",
 * "prod", "amax" or "amin", together with what x held there unless `includeSelf` is false (default true). The extremes
 * share the gradient of ties; means of integers are rounded down.
 *
 * **Shapes** as for `scatter`.
 * @example
 * const index = tensor([0, 0, 1]);
 * scatterReduce(zeros(2), 0, index, tensor([1.5, 2, -3]), "amax"); // → [2, 0]
 * scatterReduce(zeros(2), 0, index, tensor([1.5, 2, -3]), "amax", { includeSelf: false }); // → [2, -3]
 */
export function scatterReduce(
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
  reduce: keyof typeof reductions,
  options: { includeSelf?: boolean } = {},
): Tensor {
  if (!(reduce in reductions)) {
    throw new UsageError(
      `scatterReduce: reduce must be one of ${Object.keys(reductions).join(", ")}, got ${String(reduce)}`,
    );
  }
  const { includeSelf = true } = options;
  if (reduce === "sum") return (includeSelf ? x : x.scatter(dim, index, 0)).scatterAdd(dim, index, source);
  if (reduce === "mean") return scatterMean(x, dim, index, source, includeSelf);
  const plan = planScatter("scatterReduce", x, dim, index, source);
  const { positions } = plan;
  const least = x.dtype === "bool" ? 0 : Number.NEGATIVE_INFINITY;
  const neutral = { amax: least, amin: Number.POSITIVE_INFINITY, prod: 1 }[reduce];
  const start = includeSelf ? x : x.scatter(plan.dim, positions, neutral);
  const result = clone(start.detach());
  scatterInto(reductions[reduce], result, plan.dim, positions, plan.source);
  const wantsGradient = x.requiresGrad || source.requiresGrad;
  if (!wantsGradient) return result;
  if (reduce === "prod") return result.add(changeOfProduct(start, plan, result));
  // One in gradient for each finite element that is the extreme; ties share.
  const selfMask = start.detach().eq(result).logicalAnd(result.isfinite());
  const chosen = result.gather(plan.dim, positions);
  const sourceMask = plan.source.detach().eq(chosen).logicalAnd(chosen.isfinite());
  const ties = selfMask.to(x.dtype).scatterAdd(plan.dim, positions, sourceMask.to(x.dtype));
  const change = carry(start, selfMask).scatterAdd(plan.dim, positions, carry(plan.source, sourceMask));
  return result.add(change.div(where(ties.eq(0), 1, ties)));
}

function scatterMean(x: Tensor, dim: number, index: Tensor, source: Tensor, includeSelf: boolean): Tensor {
  const start = (of: Tensor): Tensor => (includeSelf ? of : of.scatter(dim, index, 0));
  const ones = (of: Tensor): Tensor => onesLike(of.detach(), { dtype: "int32" });
  const total = start(x).scatterAdd(dim, index, source);
  const count = start(ones(x)).scatterAdd(dim, index, ones(source)).clampMin(1);
  return x.isFloatingPoint() ? total.div(count) : total.floorDivide(count).to(x.dtype);
}

/** Zero in value and one in gradient where the mask is true. */
function carry(t: Tensor, mask: Tensor): Tensor {
  const part = where(mask, t, 0);
  return part.sub(part.detach());
}

/** Zero in value, with the gradient of a scattered product: of each factor, the product of the others. */
function changeOfProduct(start: Tensor, { dim, positions, source }: ScatterPlan, result: Tensor): Tensor {
  const [own, others] = [start.detach(), source.detach()];
  const product = (a: Tensor, b: Tensor): Tensor => {
    const out = clone(a);
    scatterInto("mul", out, dim, positions, b);
    return out;
  };
  const nonzero = (of: Tensor): Tensor => where(of.eq(0), 1, of);
  const slope = product(nonzero(own), others).div(nonzero(own));
  const isZero = others.eq(0);
  const zeros = own.mul(0).scatterAdd(dim, positions, isZero.to(own.dtype)).gather(dim, positions);
  const isOnlyZero = isZero.logicalAnd(zeros.eq(1));
  const withoutZero = product(own, where(isOnlyZero, 1, others)).gather(dim, positions);
  const sourceSlope = where(isOnlyZero, withoutZero, result.gather(dim, positions).div(nonzero(others)));
  return carry(start, own.isfinite())
    .mul(slope)
    .scatterAdd(dim, positions, carry(source, others.isfinite()).mul(sourceSlope));
}
