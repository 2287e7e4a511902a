import type { Tensor } from "../tensor.js";
import { adaptiveAvgPoolOver, adaptiveMaxPoolOver, avgPoolOver, maxPoolOver } from "./pool.js";
import type { Pair } from "./window.js";

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
  return maxPoolOver("maxPool2d", 2, x, kernelSize, options);
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
  return maxPoolOver("maxPool1d", 1, x, kernelSize, options);
}

/**
 * Largest element of every window over three dimensions; see `maxPool2d`. Indices count over the whole volume.
 *
 * **Shapes** x: [N, C, D, H, W] or [C, D, H, W]; result: [N, C, D', H', W'].
 * @example maxPool3d(randn([1, 3, 8, 8, 8]), 2).shape; // [1, 3, 4, 4, 4]
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
 * Mean of every window over two dimensions.
 *
 * **Shapes** x: [N, C, H, W] or [C, H, W]; result: as `maxPool2d` without dilation.
 * @throws ShapeError if the input is too small; UsageError for a bad option.
 */
export function avgPool2d(x: Tensor, kernelSize: Pair, options: AvgPoolOptions = {}): Tensor {
  return avgPoolOver("avgPool2d", 2, x, kernelSize, options);
}

/**
 * Mean of every window over one dimension; see `avgPool2d`.
 *
 * **Shapes** x: [N, C, L] or [C, L]; result: [N, C, L'].
 */
export function avgPool1d(x: Tensor, kernelSize: Pair, options: Omit<AvgPoolOptions, "divisorOverride"> = {}): Tensor {
  return avgPoolOver("avgPool1d", 1, x, kernelSize, options);
}

/**
 * Mean of every window over three dimensions; see `avgPool2d`.
 *
 * **Shapes** x: [N, C, D, H, W] or [C, D, H, W]; result: [N, C, D', H', W'].
 */
export function avgPool3d(x: Tensor, kernelSize: Pair, options: AvgPoolOptions = {}): Tensor {
  return avgPoolOver("avgPool3d", 3, x, kernelSize, options);
}

/**
 * Mean over windows chosen so that the result has `outputSize` (a number, or height and width; null keeps the input's):
 * window i reaches from `⌊i·H/H'⌋` to `⌈(i + 1)·H/H'⌉`.
 *
 * **Shapes** x: [N, C, H, W] or [C, H, W]; result: [N, C, H', W'].
 */
export function adaptiveAvgPool2d(x: Tensor, outputSize: AdaptiveSize): Tensor {
  return adaptiveAvgPoolOver("adaptiveAvgPool2d", 2, x, outputSize);
}

/** Mean over windows chosen so that the result has length `outputSize`; [N, C, L] or [C, L]. See `adaptiveAvgPool2d`. */
export function adaptiveAvgPool1d(x: Tensor, outputSize: number | readonly number[]): Tensor {
  return adaptiveAvgPoolOver("adaptiveAvgPool1d", 1, x, outputSize);
}

/**
 * Mean over windows of a volume chosen so that the result has `outputSize`; see `adaptiveAvgPool2d`.
 *
 * **Shapes** x: [N, C, D, H, W] or [C, D, H, W]; result: [N, C, D', H', W'].
 */
export function adaptiveAvgPool3d(x: Tensor, outputSize: AdaptiveSize): Tensor {
  return adaptiveAvgPoolOver("adaptiveAvgPool3d", 3, x, outputSize);
}

/**
 * Maxima over windows chosen so that the result has `outputSize`; see `adaptiveAvgPool2d`.
 *
 * **Shapes** x: [N, C, H, W] or [C, H, W]; result: [N, C, H', W']. With `returnIndices: true` the result is
 * `{ values, indices }`, positions counted over the whole image.
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

/** Maxima over windows chosen so that the result has length `outputSize`; [N, C, L] or [C, L]. See `adaptiveMaxPool2d`. */
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
