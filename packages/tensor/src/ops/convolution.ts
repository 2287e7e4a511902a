import type { Tensor } from "../tensor.js";
import { convolveOver, convolveTransposedOver } from "./convolve.js";
import type { Pair } from "./window.js";

/** Options of {@link conv1d}, {@link conv2d} and {@link conv3d}. */
export interface ConvolutionOptions {
  /** Step of the window. Default 1. */
  stride?: Pair;
  /** Zeros added on both sides; "valid" adds none, "same" keeps the size (stride 1 only). Default 0. */
  padding?: Pair | "same" | "valid";
  /** Distance between the window's elements. Default 1. */
  dilation?: Pair;
  /** How many groups of channels are convolved apart. Default 1. */
  groups?: number;
}

/** Options of {@link convTranspose1d}, {@link convTranspose2d} and {@link convTranspose3d}. */
export interface TransposedConvolutionOptions {
  /** Step of the window in the output. Default 1. */
  stride?: Pair;
  /** How much of the output is cut off on both sides. Default 0. */
  padding?: Pair;
  /** Size added to one side of the output. Default 0. */
  outputPadding?: Pair;
  /** How many groups of channels are convolved apart. Default 1. */
  groups?: number;
  /** Distance between the window's elements. Default 1. */
  dilation?: Pair;
}

/**
 * Convolution over two dimensions (cross-correlation, as every library of the field calls it):
 * `y[n, o, i, j] = bias[o] + Σ x[n, c, i·stride + u·dilation − padding, …] · weight[o, c, u, v]`.
 *
 * **Shapes** x: [N, C, H, W] or [C, H, W]; weight: [O, C/groups, KH, KW]; bias: [O], or none;
 * result: [N, O, H', W'] with `H' = ⌊(H + 2·padding − dilation·(KH − 1) − 1) / stride⌋ + 1`.
 * @throws ShapeError if channels, groups or sizes do not fit; UsageError for a bad option; DTypeError if dtypes differ.
 * @example
 * const edges = tensor([[[[1, -1]]]], { dtype: "float32" });
 * conv2d(tensor([[[0, 0, 1], [0, 1, 1]]], { dtype: "float32" }), edges); // → [[[0, -1], [-1, 0]]]
 * conv2d(randn([1, 3, 32, 32]), randn([8, 3, 5, 5]), null, { padding: 2 }).shape; // → [1, 8, 32, 32]
 */
export function conv2d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options: ConvolutionOptions = {},
): Tensor {
  return convolveOver("conv2d", 2, x, weight, bias, options);
}

/**
 * Convolution over one dimension; see {@link conv2d}.
 *
 * **Shapes** x: [N, C, L] or [C, L]; weight: [O, C/groups, K]; bias: [O], or none; result: [N, O, L'].
 * @example conv1d(tensor([[1, 2, 3, 4]], { dtype: "float32" }), ones(1, 1, 2)); // → [[3, 5, 7]]
 */
export function conv1d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options: ConvolutionOptions = {},
): Tensor {
  return convolveOver("conv1d", 1, x, weight, bias, options);
}

/**
 * Convolution over three dimensions; see `conv2d`.
 *
 * **Shapes** x: [N, C, D, H, W] or [C, D, H, W]; weight: [O, C/groups, KD, KH, KW]; bias: [O], or none; result:
 * [N, O, D', H', W'].
 * @example
 * conv3d(randn([1, 3, 8, 16, 16]), randn([8, 3, 3, 3, 3]), null, { padding: 1 }).shape; // → [1, 8, 8, 16, 16]
 */
export function conv3d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options: ConvolutionOptions = {},
): Tensor {
  return convolveOver("conv3d", 3, x, weight, bias, options);
}

/**
 * Transposed convolution over two dimensions: the gradient of a convolution as an operation of its own.
 *
 * **Shapes** x: [N, C, H, W] or [C, H, W]; weight: [C, O/groups, KH, KW]; bias: [O], or none; result: [N, O, H', W'] with
 * `H' = (H − 1)·stride − 2·padding + dilation·(KH − 1) + outputPadding + 1`.
 * @throws ShapeError if the sizes do not fit; UsageError for a bad option.
 * @example convTranspose2d(ones(1, 1, 2), ones(1, 1, 2, 2)); // → [[[1, 2, 1], [1, 2, 1]]]
 */
export function convTranspose2d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options: TransposedConvolutionOptions = {},
): Tensor {
  return convolveTransposedOver("convTranspose2d", 2, x, weight, bias, options);
}

/**
 * Transposed convolution over one dimension; see {@link convTranspose2d}.
 *
 * **Shapes** x: [N, C, L] or [C, L]; weight: [C, O/groups, K]; bias: [O], or none; result: [N, O, L'].
 * @example convTranspose1d(tensor([[1, 2]], { dtype: "float32" }), ones(1, 1, 3)); // → [[1, 3, 3, 2]]
 */
export function convTranspose1d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options: TransposedConvolutionOptions = {},
): Tensor {
  return convolveTransposedOver("convTranspose1d", 1, x, weight, bias, options);
}

/**
 * Transposed convolution over three dimensions; see `convTranspose2d`.
 *
 * **Shapes** x: [N, C, D, H, W] or [C, D, H, W]; weight: [C, O/groups, KD, KH, KW]; bias: [O], or none; result:
 * [N, O, D', H', W'].
 * @example
 * convTranspose3d(randn([1, 8, 4, 4, 4]), randn([8, 3, 2, 2, 2]), null, { stride: 2 }).shape; // → [1, 3, 8, 8, 8]
 */
export function convTranspose3d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options: TransposedConvolutionOptions = {},
): Tensor {
  return convolveTransposedOver("convTranspose3d", 3, x, weight, bias, options);
}
