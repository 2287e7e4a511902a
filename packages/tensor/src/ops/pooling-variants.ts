import { ShapeError, UsageError } from "../errors.js";
import { formatShape, numberOfElements, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { zeros } from "./creation.js";
import { avgPoolOver } from "./pool.js";
import { isBatched, type Pair, perDimension } from "./window.js";

/** Options of {@link lpPool1d}, {@link lpPool2d} and {@link lpPool3d}. */
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

/**
 * The norm of every window over two dimensions: `(Σ xᵖ)^(1/p)`. Options: `stride` (the window's size), `ceilMode` (false).
 *
 * **Shapes** x: [N, C, H, W] or [C, H, W]; result: as `maxPool2d` without padding and dilation.
 * @throws ShapeError if the input is too small.
 * @example lpPool2d(tensor([[[3, 4]]], { dtype: "float32" }), 2, [1, 2]); // → [[[5]]]
 */
export function lpPool2d(x: Tensor, normType: number, kernelSize: Pair, options: LpPoolOptions = {}): Tensor {
  return lpPoolOver("lpPool2d", 2, x, normType, kernelSize, options);
}

/**
 * The norm of every window over one dimension: `(Σ xᵖ)^(1/p)`; see {@link lpPool2d}.
 *
 * **Shapes** x: [N, C, L] or [C, L]; result: [N, C, L'].
 * @example lpPool1d(tensor([[3, 4, 6, 8]], { dtype: "float32" }), 2, 2); // → [[5, 10]]
 */
export function lpPool1d(x: Tensor, normType: number, kernelSize: Pair, options: LpPoolOptions = {}): Tensor {
  return lpPoolOver("lpPool1d", 1, x, normType, kernelSize, options);
}

/**
 * The norm of every window over three dimensions: `(Σ xᵖ)^(1/p)`; see {@link lpPool2d}.
 *
 * **Shapes** x: [N, C, D, H, W] or [C, D, H, W]; result: [N, C, D', H', W'].
 * @example lpPool3d(ones(1, 2, 2, 2), 1, 2); // → [[[[8]]]]
 */
export function lpPool3d(x: Tensor, normType: number, kernelSize: Pair, options: LpPoolOptions = {}): Tensor {
  return lpPoolOver("lpPool3d", 3, x, normType, kernelSize, options);
}

/** Options of {@link maxUnpool1d}, {@link maxUnpool2d} and {@link maxUnpool3d}. */
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
 * @example
 * const x = tensor([[[1, 2], [4, 3]]], { dtype: "float32" });
 * const { values, indices } = maxPool2d(x, 2, { returnIndices: true });
 * maxUnpool2d(values, indices, 2); // → [[[0, 0], [4, 0]]]
 */
export function maxUnpool2d(x: Tensor, indices: Tensor, kernelSize: Pair, options: MaxUnpoolOptions = {}): Tensor {
  return maxUnpoolOver("maxUnpool2d", 2, x, indices, kernelSize, options);
}

/**
 * The partial inverse of {@link maxPool1d}; see {@link maxUnpool2d}.
 *
 * **Shapes** x, indices: [N, C, L] or [C, L]; result: [N, C, L'].
 * @example maxUnpool1d(tensor([[5, 7]], { dtype: "float32" }), tensor([[1, 2]]), 2); // → [[0, 5, 7, 0]]
 */
export function maxUnpool1d(x: Tensor, indices: Tensor, kernelSize: Pair, options: MaxUnpoolOptions = {}): Tensor {
  return maxUnpoolOver("maxUnpool1d", 1, x, indices, kernelSize, options);
}

/**
 * The partial inverse of {@link maxPool3d}; see {@link maxUnpool2d}.
 *
 * **Shapes** x, indices: [N, C, D, H, W] or [C, D, H, W]; result: [N, C, D', H', W'].
 * @example
 * const { values, indices } = maxPool3d(randn([1, 3, 4, 4, 4]), 2, { returnIndices: true });
 * maxUnpool3d(values, indices, 2).shape; // → [1, 3, 4, 4, 4]
 */
export function maxUnpool3d(x: Tensor, indices: Tensor, kernelSize: Pair, options: MaxUnpoolOptions = {}): Tensor {
  return maxUnpoolOver("maxUnpool3d", 3, x, indices, kernelSize, options);
}
