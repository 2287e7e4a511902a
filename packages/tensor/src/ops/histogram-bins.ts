import { isFloatingPoint } from "../dtype.js";
import { DTypeError, ShapeError, UsageError } from "../errors.js";
import { formatShape, sameShape } from "../shape.js";
import { Tensor } from "../tensor.js";
import { linspace } from "./creation.js";
import { searchsorted } from "./search.js";
import { bincount } from "./statistics.js";
import { where } from "./where.js";

/** What {@link histogram} and {@link histogramdd} take besides the bins. */
export interface HistogramOptions {
  /** Lower and upper end of all bins; for histogramdd of each dimension in turn. Default: the smallest and largest element. */
  range?: readonly number[] | null;
  /** What each element counts. Default 1. */
  weight?: Tensor | null;
  /** Whether to give densities, whose integral is 1, instead of counts. Default false. */
  density?: boolean;
}

/** How many bins, or their edges. */
export type Bins = number | Tensor;

export function edgesOf(op: string, x: Tensor, bins: Bins, range: readonly number[] | null): Tensor {
  if (bins instanceof Tensor) {
    if (bins.ndim === 1 && bins.dtype === x.dtype) return bins;
    throw new ShapeError(`${op}: expected edges as a ${x.dtype} vector, got ${bins.dtype} ${formatShape(bins.shape)}`);
  }
  if (!Number.isInteger(bins) || bins < 1) throw new UsageError(`${op}: bins must be at least 1, got ${bins}`);
  let [low, high] = (range ?? [0, 0]) as [number, number];
  if (range === null && x.numel() > 0) [low, high] = [x.min().item(), x.max().item()];
  if (!Number.isFinite(low) || !Number.isFinite(high) || low > high) {
    throw new UsageError(`${op}: the range from ${low} to ${high} is none; give range`);
  }
  if (low === high) [low, high] = [low - 0.5, high + 0.5];
  return linspace(low, high, bins + 1, { dtype: x.dtype });
}

/** The bin of each element, the last one closed; −1 outside. */
function binsOf(x: Tensor, edges: Tensor): Tensor {
  const count = edges.numel() - 1;
  const found = searchsorted(edges, x, { right: true }).sub(1);
  const isLast = x.eq(edges.select(0, count));
  const isOutside = found.lt(0).logicalOr(found.ge(count)).logicalOr(x.isnan());
  return where(isLast, count - 1, where(isOutside, -1, found));
}

export function counted(
  op: string,
  columns: readonly Tensor[],
  edges: readonly Tensor[],
  options: HistogramOptions,
): Tensor {
  const { weight = null, density = false } = options;
  const [first] = columns as [Tensor];
  if (weight !== null && (!sameShape(weight.shape, first.shape) || weight.dtype !== first.dtype)) {
    throw new ShapeError(
      `${op}: expected a ${first.dtype} weight ${formatShape(first.shape)}, got ${weight.dtype} ${formatShape(weight.shape)}`,
    );
  }
  const shape = edges.map((of) => of.numel() - 1);
  const total = shape.reduce((a, b) => a * b, 1);
  let flat = first.mul(0).to("int32");
  for (const [i, column] of columns.entries()) {
    const own = binsOf(column, edges[i] as Tensor);
    flat = where(flat.lt(0).logicalOr(own.lt(0)), -1, flat.mul(shape[i] as number).add(own));
  }
  const isInside = flat.ge(0);
  const weights = weight?.detach().maskedSelect(isInside) ?? null;
  const sums = bincount(flat.maskedSelect(isInside), { weights, minlength: total }).to(first.dtype).reshape(shape);
  if (!density) return sums;
  let result = sums.div(sums.sum());
  for (const [i, of] of edges.entries())
    result = result.div(of.diff().reshape(shape.map((size, j) => (i === j ? size : 1))));
  return result;
}

export function checkFloats(op: string, x: Tensor): void {
  if (isFloatingPoint(x.dtype)) return;
  throw new DTypeError(`${op}: expected a floating point tensor, got ${x.dtype}; convert with .to("float32")`);
}
