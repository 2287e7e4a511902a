import { allocate, filled } from "../allocate.js";
import { isFloatingPoint } from "../dtype.js";
import { DTypeError, ShapeError, UsageError } from "../errors.js";
import { code, kernels, metaBlock } from "../launch.js";
import { isRecording, record, recordAll } from "../recorder.js";
import { formatShape, numberOfElements } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { dense } from "./reduce.js";
import type { Window2d } from "./registry.js";
import { isBatched, outputSize, type Pair, pairOf, rowPair, writeWindow } from "./window.js";
import { adaptiveGeometry, maxPool2dIndices } from "./window-gradients.js";

export interface MaxPoolOptions {
  /** Step of the window. Default: its size. */
  stride?: Pair | null;
  /** How far windows reach beyond the edge, at most half their size. Default 0. */
  padding?: Pair;
  /** Distance between the window's elements. Default 1. */
  dilation?: Pair;
  /** Whether windows that reach over the end count. Default false. */
  ceilMode?: boolean;
}

export interface AvgPoolOptions {
  /** Step of the window. Default: its size. */
  stride?: Pair | null;
  /** Zeros added on both sides, at most half the window. Default 0. */
  padding?: Pair;
  /** Whether windows that reach over the end count. Default false. */
  ceilMode?: boolean;
  /** Whether padding counts as elements of the mean. Default true. */
  countIncludePad?: boolean;
  /** Divides by this instead of the number of elements. */
  divisorOverride?: number | null;
}

/** Maxima and where in their H × W plane (or their row) they were, as int32. */
export interface PooledAndIndices {
  readonly values: Tensor;
  readonly indices: Tensor;
}

interface PoolShape {
  readonly window: Window2d;
  /** Shape of the result, with a batch. */
  readonly shape: readonly number[];
}

function poolShape(op: string, x: Tensor, kernelSize: Pair, options: MaxPoolOptions): PoolShape {
  if (!isFloatingPoint(x.dtype)) {
    throw new DTypeError(`${op}: expected a floating point tensor, got ${x.dtype}; convert with .to("float32")`);
  }
  const kernel = pairOf(op, "kernelSize", kernelSize, 1);
  const stride =
    options.stride === undefined || options.stride === null ? kernel : pairOf(op, "stride", options.stride, 1);
  const padding = pairOf(op, "padding", options.padding ?? 0, 0);
  const dilation = pairOf(op, "dilation", options.dilation ?? 1, 1);
  if (padding[0] > kernel[0] / 2 || padding[1] > kernel[1] / 2) {
    throw new UsageError(
      `${op}: padding must be at most half the kernel size, got padding ${padding.join(", ")} for kernel ${kernel.join(", ")}`,
    );
  }
  const { shape } = x;
  const first = shape.length - 3;
  const { ceilMode = false } = options;
  const height = outputSize(shape[first + 1] as number, kernel[0], stride[0], padding[0], dilation[0], ceilMode);
  const width = outputSize(shape[first + 2] as number, kernel[1], stride[1], padding[1], dilation[1], ceilMode);
  if (height < 1 || width < 1 || (shape[first] as number) === 0) {
    throw new ShapeError(
      `${op}: input ${formatShape(shape)} is too small for kernel ${kernel.join(" × ")} with dilation ${dilation.join(", ")} and padding ${padding.join(", ")}`,
    );
  }
  return {
    window: { kernelSize: kernel, stride, padding, dilation },
    shape: [first === 1 ? (shape[0] as number) : 1, shape[first] as number, height, width],
  };
}

/** The recorded primitive on a batch; codes are left out where nobody needs them. */
function poolMaxima(
  x: Tensor,
  { window, shape }: PoolShape,
  wantCodes: boolean,
): { out: Tensor; codes: Tensor | null } {
  const out = allocate(shape, x.dtype);
  const [kernelHeight, kernelWidth] = window.kernelSize;
  const needsCodes = wantCodes || isRecording([x]);
  const codes = needsCodes ? allocate(shape, kernelHeight * kernelWidth <= 256 ? "uint8" : "int32") : null;
  if (numberOfElements(shape) > 0) {
    const source = dense(x);
    writeWindow(x.shape, window.kernelSize, window, shape);
    const target = codes === null ? 0 : codes.address;
    kernels.maxPool2d(code(x.dtype), metaBlock.address, source.address, out.address, target);
  }
  if (codes !== null) recordAll("maxPool2d", [x], [out, codes], window);
  return { out, codes };
}

function maxPool(
  op: string,
  x: Tensor,
  kernelSize: Pair,
  options: MaxPoolOptions,
  wantIndices: boolean,
): PooledAndIndices {
  const batched = isBatched(op, x.shape, 2);
  const pooled = poolShape(op, x, kernelSize, options);
  const batch = batched ? x : x.unsqueeze(0);
  const { out, codes } = poolMaxima(batch, pooled, wantIndices);
  const indices =
    wantIndices && codes !== null ? maxPool2dIndices(codes, { ...pooled.window, inputShape: batch.shape }) : out;
  return batched ? { values: out, indices } : { values: out.squeeze(0), indices: indices.squeeze(0) };
}

/**
 * Largest element of every window over two dimensions; NaN wins.
 *
 * **Shapes** x: [N, C, H, W] or [C, H, W]; result: [N, C, H', W'] with
 * `H' = ⌊(H + 2·padding − dilation·(KH − 1) − 1) / stride⌋ + 1` (⌈…⌉ with `ceilMode`).
 * With `returnIndices: true` the result is `{ values, indices }`.
 * @throws ShapeError if the input is too small; UsageError for a bad option.
 * @example maxPool2d(randn([1, 3, 32, 32]), 2).shape; // [1, 3, 16, 16]
 */
export function maxPool2d(
  x: Tensor,
  kernelSize: Pair,
  options: MaxPoolOptions & { returnIndices: true },
): PooledAndIndices;
export function maxPool2d(x: Tensor, kernelSize: Pair, options?: MaxPoolOptions & { returnIndices?: false }): Tensor;
export function maxPool2d(
  x: Tensor,
  kernelSize: Pair,
  options: MaxPoolOptions & { returnIndices?: boolean } = {},
): Tensor | PooledAndIndices {
  const { returnIndices = false } = options;
  const result = maxPool("maxPool2d", x, kernelSize, options, returnIndices);
  return returnIndices ? result : result.values;
}

/** The options of a window over one dimension as those of one over two. */
function rowOptions(op: string, options: MaxPoolOptions): MaxPoolOptions {
  const { stride, padding = 0, dilation = 1, ceilMode = false } = options;
  return {
    stride: stride === undefined || stride === null ? null : rowPair(op, "stride", stride, 1),
    padding: rowPair(op, "padding", padding, 0),
    dilation: rowPair(op, "dilation", dilation, 1),
    ceilMode,
  };
}

/**
 * Largest element of every window over one dimension; see `maxPool2d`.
 *
 * **Shapes** x: [N, C, L] or [C, L]; result: [N, C, L'].
 */
export function maxPool1d(
  x: Tensor,
  kernelSize: Pair,
  options: MaxPoolOptions & { returnIndices: true },
): PooledAndIndices;
export function maxPool1d(x: Tensor, kernelSize: Pair, options?: MaxPoolOptions & { returnIndices?: false }): Tensor;
export function maxPool1d(
  x: Tensor,
  kernelSize: Pair,
  options: MaxPoolOptions & { returnIndices?: boolean } = {},
): Tensor | PooledAndIndices {
  const op = "maxPool1d";
  isBatched(op, x.shape, 1);
  const { returnIndices = false } = options;
  const kernel = rowPair(op, "kernelSize", kernelSize, 1);
  const { values, indices } = maxPool(op, x.unsqueeze(-2), kernel, rowOptions(op, options), returnIndices);
  return returnIndices ? { values: values.squeeze(-2), indices: indices.squeeze(-2) } : values.squeeze(-2);
}

function avgPool(op: string, x: Tensor, kernelSize: Pair, options: AvgPoolOptions): Tensor {
  if (!isBatched(op, x.shape, 2)) return avgPool(op, x.unsqueeze(0), kernelSize, options).squeeze(0);
  const { countIncludePad = true, divisorOverride = null } = options;
  if (divisorOverride === 0) throw new UsageError(`${op}: divisorOverride must not be 0`);
  const { window, shape } = poolShape(op, x, kernelSize, options);
  const attributes = { ...window, countIncludePad, divisorOverride: divisorOverride ?? 0 };
  const out = allocate(shape, x.dtype);
  if (numberOfElements(shape) > 0) {
    const source = dense(x);
    writeWindow(x.shape, window.kernelSize, window, shape, 1, countIncludePad ? 1 : 0, attributes.divisorOverride);
    kernels.avgPool2d(code(x.dtype), metaBlock.address, source.address, out.address);
  }
  return record("avgPool2d", [x], out, attributes);
}

/**
 * Mean of every window over two dimensions.
 *
 * **Shapes** x: [N, C, H, W] or [C, H, W]; result: as `maxPool2d` without dilation.
 * @throws ShapeError if the input is too small; UsageError for a bad option.
 */
export function avgPool2d(x: Tensor, kernelSize: Pair, options: AvgPoolOptions = {}): Tensor {
  return avgPool("avgPool2d", x, kernelSize, options);
}

/**
 * Mean of every window over one dimension; see `avgPool2d`.
 *
 * **Shapes** x: [N, C, L] or [C, L]; result: [N, C, L'].
 */
export function avgPool1d(x: Tensor, kernelSize: Pair, options: Omit<AvgPoolOptions, "divisorOverride"> = {}): Tensor {
  const op = "avgPool1d";
  isBatched(op, x.shape, 1);
  const { countIncludePad = true } = options;
  const kernel = rowPair(op, "kernelSize", kernelSize, 1);
  return avgPool(op, x.unsqueeze(-2), kernel, { ...rowOptions(op, options), countIncludePad }).squeeze(-2);
}

/** Sizes of a result, one for all dimensions or one for each; null keeps that of the input. */
export type AdaptiveSize = number | null | readonly (number | null)[];

/**
 * Mean over windows chosen so that the result has `outputSize` (a number, or height and width; null keeps the input's):
 * window i reaches from `⌊i·H/H'⌋` to `⌈(i + 1)·H/H'⌉`.
 *
 * **Shapes** x: [N, C, H, W] or [C, H, W]; result: [N, C, H', W'].
 */
export function adaptiveAvgPool2d(x: Tensor, outputSize: AdaptiveSize): Tensor {
  const op = "adaptiveAvgPool2d";
  if (!isBatched(op, x.shape, 2)) return adaptiveAvgPool2d(x.unsqueeze(0), outputSize).squeeze(0);
  if (!isFloatingPoint(x.dtype)) throw new DTypeError(`${op}: expected a floating point tensor, got ${x.dtype}`);
  const wanted = typeof outputSize === "number" || outputSize === null ? [outputSize, outputSize] : outputSize;
  const sizes = wanted.map((size, i) => size ?? (x.shape[2 + i] as number));
  const [height, width] = pairOf(op, "outputSize", sizes, 0);
  const shape = [x.shape[0] as number, x.shape[1] as number, height, width];
  if (numberOfElements(x.shape.slice(1)) === 0) {
    throw new ShapeError(`${op}: only the batch may be empty, got input ${formatShape(x.shape)}`);
  }
  const out = numberOfElements(shape) === 0 ? filled(shape, x.dtype, 0) : allocate(shape, x.dtype);
  if (numberOfElements(shape) > 0) {
    const source = dense(x);
    writeWindow(x.shape, [1, 1], adaptiveGeometry, shape);
    kernels.adaptiveAvgPool2d(code(x.dtype), metaBlock.address, source.address, out.address);
  }
  return record("adaptiveAvgPool2d", [x], out, { outputSize: [height, width] });
}

/** Mean over windows chosen so that the result has length `outputSize`; [N, C, L] or [C, L]. See `adaptiveAvgPool2d`. */
export function adaptiveAvgPool1d(x: Tensor, outputSize: number | readonly number[]): Tensor {
  const op = "adaptiveAvgPool1d";
  isBatched(op, x.shape, 1);
  return adaptiveAvgPool2d(x.unsqueeze(-2), rowPair(op, "outputSize", outputSize, 1)).squeeze(-2);
}
