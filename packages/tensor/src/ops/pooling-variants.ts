import { ShapeError, UsageError } from "../errors.js";
import { formatShape, numberOfElements, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { zeros } from "./creation.js";
import { avgPoolOver } from "./pool.js";
import { isBatched, type Pair, perDimension } from "./window.js";

export interface LpPoolOptions {
  /** Step of the window. Default: its size. */
  stride?: Pair | null;
  /** Whether windows that reach over the end count. Default false. */
  ceilMode?: boolean;
}

/** Norms of windows over the last `dimensions`, from the means of powers. */
function lpPoolOver(
  op: string,
  dimensions: number,
  x: Tensor,
  normType: number,
  kernelSize: Pair,
  options: LpPoolOptions,
): Tensor {
  const elements = numberOfElements(perDimension(op, "kernelSize", kernelSize, dimensions, 1));
  const means = avgPoolOver(op, dimensions, x.pow(normType), kernelSize, options);
  return means
    .sign()
    .mul(means.abs().relu())
    .mul(elements)
    .pow(1 / normType);
}

/** The norm `(Σ xᵖ)^(1/p)` of every window over two dimensions; [N, C, H, W] or [C, H, W]. */
export function lpPool2d(x: Tensor, normType: number, kernelSize: Pair, options: LpPoolOptions = {}): Tensor {
  return lpPoolOver("lpPool2d", 2, x, normType, kernelSize, options);
}

/** The norm `(Σ xᵖ)^(1/p)` of every window over one dimension; [N, C, L] or [C, L]. */
export function lpPool1d(x: Tensor, normType: number, kernelSize: Pair, options: LpPoolOptions = {}): Tensor {
  return lpPoolOver("lpPool1d", 1, x, normType, kernelSize, options);
}

/** The norm `(Σ xᵖ)^(1/p)` of every window over three dimensions; [N, C, D, H, W] or [C, D, H, W]. */
export function lpPool3d(x: Tensor, normType: number, kernelSize: Pair, options: LpPoolOptions = {}): Tensor {
  return lpPoolOver("lpPool3d", 3, x, normType, kernelSize, options);
}

export interface MaxUnpoolOptions {
  /** Step of the pooling that is undone. Default: the size of its window. */
  stride?: Pair | null;
  /** Padding of the pooling that is undone. Default 0. */
  padding?: Pair;
  /** Sizes of the result, which the pooling leaves open. Default: the smallest that fit. */
  outputSize?: readonly number[] | null;
}

/** Puts x into zeros at the positions that a max pooling over the last `dimensions` gave. */
function maxUnpoolOver(
  op: string,
  dimensions: number,
  x: Tensor,
  indices: Tensor,
  kernelSize: Pair,
  options: MaxUnpoolOptions,
): Tensor {
  isBatched(op, x.shape, dimensions);
  const sizesOf = (what: string, value: Pair, least: number): readonly number[] =>
    perDimension(op, what, value, dimensions, least);
  const window = sizesOf("kernelSize", kernelSize, 1);
  const stride = sizesOf("stride", options.stride ?? window, 1);
  const padding = sizesOf("padding", options.padding ?? 0, 0);
  if (!sameShape(x.shape, indices.shape)) {
    throw new ShapeError(`${op}: expected indices ${formatShape(x.shape)}, got ${formatShape(indices.shape)}`);
  }
  const lead = x.ndim - dimensions;
  const wanted = options.outputSize?.slice(-dimensions);
  const sizes = x.shape.slice(lead).map((size, i) => {
    const step = stride[i] as number;
    const smallest = (size - 1) * step - 2 * (padding[i] as number) + (window[i] as number);
    const own = wanted === undefined ? smallest : (wanted[i] ?? Number.NaN);
    if (!(Math.abs(own - smallest) < step)) {
      throw new UsageError(`${op}: outputSize ${own} must be within ${step - 1} of ${smallest}`);
    }
    return own;
  });
  const leading = x.shape.slice(0, lead);
  const flat = zeros([...leading, numberOfElements(sizes)], { dtype: x.dtype });
  return flat.scatter(-1, indices.flatten(lead), x.flatten(lead)).reshape([...leading, ...sizes]);
}

/**
 * The partial inverse of `maxPool2d`: maxima go back to where they were, the rest is 0.
 *
 * **Shapes** x, indices: [N, C, H, W] or [C, H, W]; result: [N, C, H', W'].
 * @throws ShapeError for indices of another shape or out of range; UsageError for an outputSize that cannot be.
 */
export function maxUnpool2d(x: Tensor, indices: Tensor, kernelSize: Pair, options: MaxUnpoolOptions = {}): Tensor {
  return maxUnpoolOver("maxUnpool2d", 2, x, indices, kernelSize, options);
}

/** The partial inverse of `maxPool1d`; [N, C, L] or [C, L]. See `maxUnpool2d`. */
export function maxUnpool1d(x: Tensor, indices: Tensor, kernelSize: Pair, options: MaxUnpoolOptions = {}): Tensor {
  return maxUnpoolOver("maxUnpool1d", 1, x, indices, kernelSize, options);
}

/** The partial inverse of `maxPool3d`; [N, C, D, H, W] or [C, D, H, W]. See `maxUnpool2d`. */
export function maxUnpool3d(x: Tensor, indices: Tensor, kernelSize: Pair, options: MaxUnpoolOptions = {}): Tensor {
  return maxUnpoolOver("maxUnpool3d", 3, x, indices, kernelSize, options);
}
