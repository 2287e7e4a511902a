import { isFloatingPoint } from "../dtype.js";
import { DTypeError, ShapeError, UsageError } from "../errors.js";
import { formatShape, normalizeDim } from "../shape.js";
import { Tensor } from "../tensor.js";
import { fromArray } from "./creation.js";
import type { KeepdimOptions } from "./reduction.js";
import { sort } from "./sorting.js";
import { where } from "./where.js";

/** What {@link quantile} and {@link nanquantile} take besides the share. */
export interface QuantileOptions extends KeepdimOptions {
  /** Dimension along which to take quantiles. Default: all elements. */
  dim?: number | null;
  /** What stands for a quantile between two elements. Default "linear". */
  interpolation?: "linear" | "lower" | "higher" | "midpoint" | "nearest";
}

type Interpolation = NonNullable<QuantileOptions["interpolation"]>;
const interpolations: readonly Interpolation[] = ["linear", "lower", "higher", "midpoint", "nearest"];

function checkArguments(op: string, x: Tensor, q: number | Tensor, interpolation: Interpolation): void {
  if (!isFloatingPoint(x.dtype)) {
    throw new DTypeError(`${op}: expected a floating point tensor, got ${x.dtype}; convert with .to("float32")`);
  }
  if (q instanceof Tensor && (q.ndim > 1 || q.dtype !== x.dtype)) {
    throw new ShapeError(
      `${op}: expected q to be a number or a ${x.dtype} tensor [Q], got ${q.dtype} ${formatShape(q.shape)}`,
    );
  }
  const wrong = (q instanceof Tensor ? Array.from(q.toTypedArray()) : [q]).find((share) => !(share >= 0 && share <= 1));
  if (wrong !== undefined) throw new UsageError(`${op}: q must be from 0 to 1, got ${wrong}`);
  if (!interpolations.includes(interpolation)) {
    const names = interpolations.map((name) => JSON.stringify(name)).join(", ");
    throw new UsageError(`${op}: interpolation must be one of ${names}, got ${JSON.stringify(interpolation)}`);
  }
}

/** Elements of sorted rows at positions [Q] or [..., Q] between them. */
function between(sorted: Tensor, ranks: Tensor, interpolation: Interpolation): Tensor {
  if (interpolation === "lower") return sorted.gather(-1, ranks.floor().to("int32"));
  if (interpolation === "higher") return sorted.gather(-1, ranks.ceil().to("int32"));
  if (interpolation === "nearest") return sorted.gather(-1, ranks.round().to("int32"));
  const below = ranks.floor();
  const weight = interpolation === "midpoint" ? 0.5 : ranks.sub(below);
  return sorted.gather(-1, below.to("int32")).lerp(sorted.gather(-1, ranks.ceil().to("int32")), weight);
}

function quantiles(op: string, x: Tensor, q: number | Tensor, options: QuantileOptions, ignoresNan: boolean): Tensor {
  const { dim = null, keepdim = false, interpolation = "linear" } = options;
  checkArguments(op, x, q, interpolation);
  const along = normalizeDim(op, dim ?? 0, x.ndim);
  const rows = dim === null || x.ndim === 0 ? x.reshape([-1]) : x.movedim(along, -1);
  const n = rows.shape.at(-1) as number;
  if (n === 0) throw new ShapeError(`${op}: nothing to choose from in shape ${formatShape(x.shape)}`);
  const sorted = sort(rows, -1).values;
  const nan = sorted.detach().isnan();
  const shares = (q instanceof Tensor ? q.detach() : fromArray([q], [], x.dtype)).reshape([-1]);
  // In the type of x, as PyTorch: where it rounds decides between two elements.
  const ranks = ignoresNan
    ? shares.mul(nan.logicalNot().sum(-1, { keepdim: true }).sub(1).clampMin(0))
    : where(nan.any(-1, { keepdim: true }), n - 1, shares.mul(n - 1));
  const found = between(sorted, ranks.to(x.dtype), interpolation).movedim(-1, 0);
  const own = dim === null ? x.shape.map(() => 1) : x.shape.map((size, i) => (i === along ? 1 : size));
  const kept = keepdim ? found.reshape([found.shape[0] as number, ...own]) : found;
  return q instanceof Tensor && q.ndim === 1 ? kept : kept.squeeze(0);
}

/**
 * The value that a share `q` of the elements does not exceed; NaN if there is one among them.
 *
 * **Shapes** x (floating point): any; q: a number from 0 to 1, or a tensor [Q] of such; result: x's shape without `dim`,
 * behind [Q] if q is one. Options: `dim` (all), `keepdim` (false), `interpolation` ("linear").
 * @throws UsageError for a share out of range; ShapeError if there is nothing to choose from; DTypeError for integers.
 * @example quantile(tensor([1, 2, 4, 8.5]), 0.5); // → 3
 */
export function quantile(x: Tensor, q: number | Tensor, options: QuantileOptions = {}): Tensor {
  return quantiles("quantile", x, q, options, false);
}

/**
 * {@link quantile} of the elements that are not NaN; NaN if there are only such.
 *
 * **Shapes**, options and errors as for `quantile`.
 * @example nanquantile(tensor([1, 2, NaN, 4.5]), 0.5); // → 2
 */
export function nanquantile(x: Tensor, q: number | Tensor, options: QuantileOptions = {}): Tensor {
  return quantiles("nanquantile", x, q, options, true);
}
