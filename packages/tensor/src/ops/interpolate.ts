import { isFloatingPoint } from "../dtype.js";
import { DTypeError, ShapeError, UsageError } from "../errors.js";
import { formatShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { clone } from "./cast.js";
import { fromArray } from "./creation.js";
import { antialiasedTaps, cubicTaps, linearTaps, nearestPositions, type Scaling } from "./interpolation-taps.js";
import { adaptiveAvgPoolOver } from "./pool.js";
import { resample, tapsOf } from "./resample.js";
import type { Pair } from "./window.js";

/** The modes, and over how many dimensions each can interpolate. */
const modes = {
  nearest: [1, 2, 3],
  "nearest-exact": [1, 2, 3],
  linear: [1],
  bilinear: [2],
  bicubic: [2],
  trilinear: [3],
  area: [1, 2, 3],
} as const satisfies Record<string, readonly number[]>;

/** How {@link interpolate} fills in between elements. */
export type InterpolationMode = keyof typeof modes;

/** Options of {@link interpolate}. */
export interface InterpolateOptions {
  /** Size of the result, for all dimensions or for each. Either this or `scaleFactor`. */
  size?: Pair | null;
  /** How many times larger the result is, for all dimensions or for each. */
  scaleFactor?: Pair | null;
  /** How to fill in. Default "nearest". */
  mode?: InterpolationMode;
  /** Whether the middles of the corner elements stay in place, and not their outer corners. Default false. */
  alignCorners?: boolean | null;
  /** Whether positions follow from the sizes even if `scaleFactor` is given. Default false. */
  recomputeScaleFactor?: boolean | null;
  /** Whether shrinking averages over all elements ("bilinear" and "bicubic" only). Default false. */
  antialias?: boolean;
}

/** One number per dimension. */
function perSpatialDim(op: string, what: string, value: Pair, x: Tensor, isValid: (size: number) => boolean): number[] {
  const count = x.ndim - 2;
  const list = typeof value === "number" ? new Array<number>(count).fill(value) : [...value];
  if (list.length !== count) {
    throw new UsageError(
      `${op}: expected one ${what} or ${count} for input ${formatShape(x.shape)}, got ${JSON.stringify(value)}`,
    );
  }
  if (!list.every(isValid)) throw new UsageError(`${op}: ${what} must be greater than 0, got ${JSON.stringify(value)}`);
  return list;
}

function checkOptions(op: string, x: Tensor, options: InterpolateOptions): InterpolationMode {
  const { size = null, scaleFactor = null, mode = "nearest", alignCorners = null, antialias = false } = options;
  if (!Object.hasOwn(modes, mode)) {
    throw new UsageError(`${op}: mode must be one of ${Object.keys(modes).join(", ")}, got ${JSON.stringify(mode)}`);
  }
  const dimensions: readonly number[] = modes[mode];
  if (!dimensions.includes(x.ndim - 2)) {
    throw new ShapeError(
      `${op}: mode "${mode}" takes inputs of ${dimensions.map((count) => count + 2).join(", ")} dimensions ([N, C, …]), got ${formatShape(x.shape)}`,
    );
  }
  if ((size === null) === (scaleFactor === null)) {
    throw new UsageError(`${op}: expected either size or scaleFactor, got ${size === null ? "neither" : "both"}`);
  }
  if (alignCorners !== null && (mode === "area" || mode.startsWith("nearest"))) {
    throw new UsageError(`${op}: alignCorners is for linear, bilinear, bicubic and trilinear, not for "${mode}"`);
  }
  if (options.recomputeScaleFactor && size !== null) {
    throw new UsageError(`${op}: recomputeScaleFactor needs a scaleFactor, got a size`);
  }
  if (antialias && mode !== "bilinear" && mode !== "bicubic") {
    throw new UsageError(`${op}: antialias is for bilinear and bicubic, not for "${mode}"`);
  }
  if (x.shape.slice(1).includes(0)) {
    throw new ShapeError(`${op}: only the batch may be empty, got input ${formatShape(x.shape)}`);
  }
  if (!isFloatingPoint(x.dtype) && !mode.startsWith("nearest")) {
    throw new DTypeError(
      `${op}: mode "${mode}" takes floating point tensors, got ${x.dtype}; convert with .to("float32")`,
    );
  }
  return mode;
}

function scalingsOf(op: string, x: Tensor, options: InterpolateOptions): Scaling[] {
  const { size = null, scaleFactor = null, recomputeScaleFactor = false } = options;
  const alignCorners = options.alignCorners ?? false;
  const factors =
    scaleFactor === null ? null : perSpatialDim(op, "scaleFactor", scaleFactor, x, (factor) => factor > 0);
  const own = x.shape.slice(2);
  const counts =
    factors?.map((factor, i) => Math.floor((own[i] as number) * factor)) ??
    perSpatialDim(op, "size", size ?? [], x, (count) => Number.isInteger(count) && count > 0);
  return counts.map((count, i) => {
    const from = own[i] as number;
    if (count < 1) throw new ShapeError(`${op}: scaleFactor ${factors?.[i]} leaves nothing of ${formatShape(x.shape)}`);
    if (alignCorners) return { size: from, count, step: count > 1 ? (from - 1) / (count - 1) : 0, alignCorners };
    const factor = recomputeScaleFactor ? undefined : factors?.[i];
    return { size: from, count, step: factor === undefined ? from / count : 1 / factor, alignCorners };
  });
}

/** Interpolates along one dimension. */
function along(x: Tensor, dim: number, scaling: Scaling, mode: InterpolationMode, antialias: boolean): Tensor {
  const { size, count, step } = scaling;
  const isLinear = mode.endsWith("linear") && !antialias;
  if (size === count && (step === 1 || isLinear)) return x;
  if (mode === "nearest" || mode === "nearest-exact") {
    const positions = nearestPositions(scaling, mode === "nearest-exact");
    if (isFloatingPoint(x.dtype))
      return resample(
        x,
        dim,
        tapsOf(size, count, (j) => [[positions[j] as number, 1]]),
      );
    return x.indexSelect(dim, fromArray(positions, [count], "int32"));
  }
  if (antialias) return resample(x, dim, antialiasedTaps(scaling, mode === "bicubic" ? "bicubic" : "bilinear"));
  return resample(x, dim, isLinear ? linearTaps(scaling) : cubicTaps(scaling));
}

/**
 * Another number of elements per dimension, filled in between those of x.
 *
 * `mode`: "nearest" (default) repeats elements as PyTorch and old OpenCV do, "nearest-exact" the truly nearest ones;
 * "linear", "bilinear", "trilinear" (by number of dimensions) mix neighbours by distance, "bicubic" four of them per
 * dimension (Keys 1981, a = −0.75; −0.5 with `antialias`); "area" takes means (see `adaptiveAvgPool2d`).
 *
 * **Shapes** x: [N, C, L], [N, C, H, W] or [N, C, D, H, W]; result: [N, C, ...] with sizes `size`, or ⌊own · scaleFactor⌋.
 * Options: `size` or `scaleFactor`, `mode` ("nearest"), `alignCorners` (false), `recomputeScaleFactor` (false),
 * `antialias` (false).
 * @throws ShapeError for other numbers of dimensions; UsageError for options that do not go together; DTypeError for
 * integers where values are mixed.
 * @example
 * const x = tensor([[[0, 1]]], { dtype: "float32" });
 * interpolate(x, { size: 4 }); // → [[[0, 0, 1, 1]]]
 * interpolate(x, { scaleFactor: 2, mode: "linear" }); // → [[[0, 0.25, 0.75, 1]]]
 */
export function interpolate(x: Tensor, options: InterpolateOptions): Tensor {
  const op = "interpolate";
  const mode = checkOptions(op, x, options);
  const scalings = scalingsOf(op, x, options);
  if (mode === "area") {
    const counts = scalings.map(({ count }) => count);
    return adaptiveAvgPoolOver(op, counts.length, x, counts);
  }
  const dims = scalings.map((scaling, i) => ({ dim: 2 + i, scaling }));
  // Growing dimensions the last first, shrinking ones the first first: fewest elements on the way.
  const grows = scalings.reduce((ratio, { size, count }) => (ratio * count) / size, 1) > 1;
  let result = x;
  for (const { dim, scaling } of grows ? dims.reverse() : dims) {
    result = along(result, dim, scaling, mode, options.antialias ?? false);
  }
  return result === x ? clone(x) : result;
}
