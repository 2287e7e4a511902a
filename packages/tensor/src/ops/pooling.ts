import type { Tensor } from "../tensor.js";
import { adaptiveAvgPoolOver, adaptiveMaxPoolOver, avgPoolOver, maxPoolOver } from "./pool.js";
import type { Pair } from "./window.js";

/** Options of {@link maxPool1d}, {@link maxPool2d} and {@link maxPool3d}. */
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

/** Options of {@link avgPool1d}, {@link avgPool2d} and {@link avgPool3d}. */
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

/** Maxima and where in their plane (or their row or volume) they were, as int32. */
export interface PooledAndIndices {
  readonly values: Tensor;
  readonly indices: Tensor;
}

/** Sizes of a result, one for all dimensions or one for each; null keeps that of the input. */
export type AdaptiveSize = number | null | readonly (number | null)[];

/**
 * Largest element of every window over two dimensions; NaN wins.
 *
 * **Shapes** x: [N, C, H, W] or [C, H, W]; result: [N, C, H', W'] with
 * `H' = ⌊(H + 2·padding − dilation·(KH − 1) − 1) / stride⌋ + 1` (⌈…⌉ with `ceilMode`).
 * With `returnIndices: true` the result is `{ values, indices }`.
 * @throws ShapeError if the input is too small; UsageError for a bad option.
 * @example
 * const x = arange(16, { dtype: "float32" }).reshape(1, 4, 4);
 * maxPool2d(x, 2); // → [[[5, 7], [13, 15]]]
 * maxPool2d(x, 2, { returnIndices: true }).indices; // → [[[5, 7], [13, 15]]]
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
  return maxPoolOver("maxPool2d", 2, x, kernelSize, options);
}

/**
 * Largest element of every window over one dimension; NaN wins. See {@link maxPool2d}.
 *
 * **Shapes** x: [N, C, L] or [C, L]; result: [N, C, L'].
 * @example maxPool1d(tensor([[1, 3, 2, 0]], { dtype: "float32" }), 2); // → [[3, 2]]
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
  return maxPoolOver("maxPool1d", 1, x, kernelSize, options);
}

/**
 * Largest element of every window over three dimensions; see `maxPool2d`. Indices count over the whole volume.
 *
 * **Shapes** x: [N, C, D, H, W] or [C, D, H, W]; result: [N, C, D', H', W'].
 * @example maxPool3d(randn([1, 3, 8, 8, 8]), 2).shape; // → [1, 3, 4, 4, 4]
 */
export function maxPool3d(
  x: Tensor,
  kernelSize: Pair,
  options: MaxPoolOptions & { returnIndices: true },
): PooledAndIndices;
export function maxPool3d(x: Tensor, kernelSize: Pair, options?: MaxPoolOptions & { returnIndices?: false }): Tensor;
export function maxPool3d(
  x: Tensor,
  kernelSize: Pair,
  options: MaxPoolOptions & { returnIndices?: boolean } = {},
): Tensor | PooledAndIndices {
  return maxPoolOver("maxPool3d", 3, x, kernelSize, options);
}

/**
 * Mean of every window over two dimensions. Options: `stride` (the window's size), `padding` (0), `ceilMode` (false),
 * `countIncludePad` (true), `divisorOverride` (none).
 *
 * **Shapes** x: [N, C, H, W] or [C, H, W]; result: as {@link maxPool2d} without dilation.
 * @throws ShapeError if the input is too small; UsageError for a bad option.
 * @example avgPool2d(arange(16, { dtype: "float32" }).reshape(1, 4, 4), 2); // → [[[2.5, 4.5], [10.5, 12.5]]]
 */
export function avgPool2d(x: Tensor, kernelSize: Pair, options: AvgPoolOptions = {}): Tensor {
  return avgPoolOver("avgPool2d", 2, x, kernelSize, options);
}

/**
 * Mean of every window over one dimension; see {@link avgPool2d}.
 *
 * **Shapes** x: [N, C, L] or [C, L]; result: [N, C, L'].
 * @example avgPool1d(tensor([[1, 3, 2, 0]], { dtype: "float32" }), 2); // → [[2, 1]]
 */
export function avgPool1d(x: Tensor, kernelSize: Pair, options: Omit<AvgPoolOptions, "divisorOverride"> = {}): Tensor {
  return avgPoolOver("avgPool1d", 1, x, kernelSize, options);
}

/**
 * Mean of every window over three dimensions; see `avgPool2d`.
 *
 * **Shapes** x: [N, C, D, H, W] or [C, D, H, W]; result: [N, C, D', H', W'].
 * @example avgPool3d(randn([1, 3, 8, 8, 8]), 2).shape; // → [1, 3, 4, 4, 4]
 */
export function avgPool3d(x: Tensor, kernelSize: Pair, options: AvgPoolOptions = {}): Tensor {
  return avgPoolOver("avgPool3d", 3, x, kernelSize, options);
}

/**
 * Mean over windows chosen so that the result has `outputSize` (a number, or height and width; null keeps the input's):
 * window i reaches from `⌊i·H/H'⌋` to `⌈(i + 1)·H/H'⌉`.
 *
 * **Shapes** x: [N, C, H, W] or [C, H, W]; result: [N, C, H', W'].
 * @example adaptiveAvgPool2d(arange(12, { dtype: "float32" }).reshape(1, 4, 3), [2, 1]); // → [[[2.5], [8.5]]]
 */
export function adaptiveAvgPool2d(x: Tensor, outputSize: AdaptiveSize): Tensor {
  return adaptiveAvgPoolOver("adaptiveAvgPool2d", 2, x, outputSize);
}

/**
 * Mean over windows chosen so that the result has length `outputSize`; see {@link adaptiveAvgPool2d}.
 *
 * **Shapes** x: [N, C, L] or [C, L]; result: [N, C, L'].
 * @example adaptiveAvgPool1d(tensor([[1, 3, 2, 0, 4]], { dtype: "float32" }), 2); // → [[2, 2]]
 */
export function adaptiveAvgPool1d(x: Tensor, outputSize: number | readonly number[]): Tensor {
  return adaptiveAvgPoolOver("adaptiveAvgPool1d", 1, x, outputSize);
}

/**
 * Mean over windows of a volume chosen so that the result has `outputSize`; see `adaptiveAvgPool2d`.
 *
 * **Shapes** x: [N, C, D, H, W] or [C, D, H, W]; result: [N, C, D', H', W'].
 * @example adaptiveAvgPool3d(randn([1, 3, 8, 9, 10]), 1).shape; // → [1, 3, 1, 1, 1]
 */
export function adaptiveAvgPool3d(x: Tensor, outputSize: AdaptiveSize): Tensor {
  return adaptiveAvgPoolOver("adaptiveAvgPool3d", 3, x, outputSize);
}

/**
 * Maxima over windows chosen so that the result has `outputSize`; see `adaptiveAvgPool2d`.
 *
 * **Shapes** x: [N, C, H, W] or [C, H, W]; result: [N, C, H', W']. With `returnIndices: true` the result is
 * `{ values, indices }`, positions counted over the whole image.
 * @example adaptiveMaxPool2d(arange(12, { dtype: "float32" }).reshape(1, 4, 3), [2, 1]); // → [[[5], [11]]]
 */
export function adaptiveMaxPool2d(
  x: Tensor,
  outputSize: AdaptiveSize,
  options: { returnIndices: true },
): PooledAndIndices;
export function adaptiveMaxPool2d(x: Tensor, outputSize: AdaptiveSize, options?: { returnIndices?: false }): Tensor;
export function adaptiveMaxPool2d(
  x: Tensor,
  outputSize: AdaptiveSize,
  options: { returnIndices?: boolean } = {},
): Tensor | PooledAndIndices {
  const pooled = adaptiveMaxPoolOver("adaptiveMaxPool2d", 2, x, outputSize);
  return options.returnIndices ? pooled : pooled.values;
}

/**
 * Maxima over windows chosen so that the result has length `outputSize`; see {@link adaptiveMaxPool2d}.
 *
 * **Shapes** x: [N, C, L] or [C, L]; result: [N, C, L'].
 * @example adaptiveMaxPool1d(tensor([[1, 3, 2, 0, 4]], { dtype: "float32" }), 2); // → [[3, 4]]
 */
export function adaptiveMaxPool1d(
  x: Tensor,
  outputSize: number | readonly number[],
  options: { returnIndices: true },
): PooledAndIndices;
export function adaptiveMaxPool1d(
  x: Tensor,
  outputSize: number | readonly number[],
  options?: { returnIndices?: false },
): Tensor;
export function adaptiveMaxPool1d(
  x: Tensor,
  outputSize: number | readonly number[],
  options: { returnIndices?: boolean } = {},
): Tensor | PooledAndIndices {
  const pooled = adaptiveMaxPoolOver("adaptiveMaxPool1d", 1, x, outputSize);
  return options.returnIndices ? pooled : pooled.values;
}

/**
 * Maxima over windows of a volume chosen so that the result has `outputSize`; see `adaptiveMaxPool2d`.
 *
 * **Shapes** x: [N, C, D, H, W] or [C, D, H, W]; result: [N, C, D', H', W'].
 * @example adaptiveMaxPool3d(randn([1, 3, 8, 9, 10]), [2, 3, null]).shape; // → [1, 3, 2, 3, 10]
 */
export function adaptiveMaxPool3d(
  x: Tensor,
  outputSize: AdaptiveSize,
  options: { returnIndices: true },
): PooledAndIndices;
export function adaptiveMaxPool3d(x: Tensor, outputSize: AdaptiveSize, options?: { returnIndices?: false }): Tensor;
export function adaptiveMaxPool3d(
  x: Tensor,
  outputSize: AdaptiveSize,
  options: { returnIndices?: boolean } = {},
): Tensor | PooledAndIndices {
  const pooled = adaptiveMaxPoolOver("adaptiveMaxPool3d", 3, x, outputSize);
  return options.returnIndices ? pooled : pooled.values;
}
