import { allocate, filled } from "../allocate.js";
import { isFloatingPoint } from "../dtype.js";
import { DTypeError, ShapeError, UsageError } from "../errors.js";
import { record } from "../recorder.js";
import { formatShape, numberOfElements } from "../shape.js";
import type { Tensor } from "../tensor.js";
import type { Convolution2d } from "./registry.js";
import { isBatched, outputSize, type Pair, pairOf, rowPair } from "./window.js";
import { conv2dBackwardInput, runConv2d } from "./window-gradients.js";

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

function checkOperands(op: string, x: Tensor, weight: Tensor, bias: Tensor | null): void {
  const isMixed = weight.dtype !== x.dtype || (bias !== null && bias.dtype !== x.dtype);
  if (isMixed || !isFloatingPoint(x.dtype)) {
    const types = [x, weight, bias].map((tensor) => tensor?.dtype ?? "none").join(", ");
    throw new DTypeError(
      `${op}: expected input, weight and bias of one floating point dtype, got ${types}; convert with .to()`,
    );
  }
}

function checkGroups(op: string, groups: number, channels: number, weight: Tensor): void {
  if (!Number.isInteger(groups) || groups < 1) {
    throw new UsageError(`${op}: groups must be a whole number of at least 1, got ${groups}`);
  }
  if (channels % groups !== 0) {
    throw new ShapeError(`${op}: weight ${formatShape(weight.shape)} cannot be split into ${groups} groups`);
  }
}

function checkBias(op: string, bias: Tensor | null, channels: number, weight: Tensor): void {
  if (bias !== null && !(bias.ndim === 1 && bias.shape[0] === channels)) {
    throw new ShapeError(
      `${op}: expected a bias [${channels}] for weight ${formatShape(weight.shape)}, got ${formatShape(bias.shape)}`,
    );
  }
}

/** Convolution of a batch [N, C, H, W]; the recorded primitive behind conv1d and conv2d. */
function convolve(op: string, x: Tensor, weight: Tensor, bias: Tensor | null, attributes: Convolution2d): Tensor {
  const { stride, padding, dilation, groups } = attributes;
  const channels = (weight.shape[1] as number) * groups;
  const outChannels = weight.shape[0] as number;
  checkGroups(op, groups, outChannels, weight);
  if (x.shape[1] !== channels) {
    const inGroups = groups === 1 ? "" : ` in ${groups} groups`;
    throw new ShapeError(
      `${op}: expected ${channels} input channels for weight ${formatShape(weight.shape)}${inGroups}, got input ${formatShape(x.shape)}`,
    );
  }
  checkBias(op, bias, outChannels, weight);
  const height = outputSize(x.shape[2] as number, weight.shape[2] as number, stride[0], padding[0], dilation[0]);
  const width = outputSize(x.shape[3] as number, weight.shape[3] as number, stride[1], padding[1], dilation[1]);
  if (height < 1 || width < 1) {
    throw new ShapeError(
      `${op}: the window of weight ${formatShape(weight.shape)} (dilation ${dilation.join(", ")}) is larger than the input ${formatShape(x.shape)} with padding ${padding.join(", ")}; use a smaller kernel or more padding`,
    );
  }
  const shape = [x.shape[0] as number, outChannels, height, width];
  const out = channels === 0 ? filled(shape, x.dtype, 0) : allocate(shape, x.dtype);
  if (channels > 0 && numberOfElements(shape) > 0) {
    runConv2d("forward", x, weight, bias, out, x.shape, weight.shape, shape, attributes);
  }
  return record("conv2d", [x, weight, bias], out, attributes);
}

/** `padding` in numbers, and the input padded where "same" needs one more zero on the right than on the left. */
function resolvePadding(
  op: string,
  x: Tensor,
  weight: Tensor,
  padding: Pair | "same" | "valid",
  stride: readonly [number, number],
  dilation: readonly [number, number],
): { input: Tensor; padding: readonly [number, number] } {
  if (padding === "valid") return { input: x, padding: [0, 0] };
  if (padding !== "same") {
    if (typeof padding === "string") {
      throw new UsageError(`${op}: padding must be numbers, "same" or "valid", got ${JSON.stringify(padding)}`);
    }
    return { input: x, padding: pairOf(op, "padding", padding, 0) };
  }
  if (stride[0] !== 1 || stride[1] !== 1) {
    throw new UsageError(`${op}: padding "same" needs stride 1, got ${stride.join(", ")}`);
  }
  const height = dilation[0] * ((weight.shape[2] as number) - 1);
  const width = dilation[1] * ((weight.shape[3] as number) - 1);
  const isEven = height % 2 === 0 && width % 2 === 0;
  return {
    input: isEven ? x : x.pad([0, width % 2, 0, height % 2]),
    padding: [Math.floor(height / 2), Math.floor(width / 2)],
  };
}

/**
 * Convolution over two dimensions (cross-correlation, as every library of the field calls it):
 * `y[n, o, i, j] = bias[o] + Σ x[n, c, i·stride + u·dilation − padding, …] · weight[o, c, u, v]`.
 *
 * **Shapes** x: [N, C, H, W] or [C, H, W]; weight: [O, C/groups, KH, KW]; bias: [O], or none;
 * result: [N, O, H', W'] with `H' = ⌊(H + 2·padding − dilation·(KH − 1) − 1) / stride⌋ + 1`.
 * @throws ShapeError if channels, groups or sizes do not fit; UsageError for a bad option; DTypeError if dtypes differ.
 * @example conv2d(randn([1, 3, 32, 32]), randn([8, 3, 5, 5]), null, { padding: 2 }).shape; // [1, 8, 32, 32]
 */
export function conv2d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options: ConvolutionOptions = {},
): Tensor {
  if (weight.ndim !== 4) {
    throw new ShapeError(`conv2d: expected a weight [O, C/groups, KH, KW], got ${formatShape(weight.shape)}`);
  }
  const batched = isBatched("conv2d", x.shape, 2);
  checkOperands("conv2d", x, weight, bias);
  const { groups = 1 } = options;
  const stride = pairOf("conv2d", "stride", options.stride ?? 1, 1);
  const dilation = pairOf("conv2d", "dilation", options.dilation ?? 1, 1);
  const { input, padding } = resolvePadding("conv2d", x, weight, options.padding ?? 0, stride, dilation);
  const attributes = { stride, padding, dilation, groups };
  if (batched) return convolve("conv2d", input, weight, bias, attributes);
  return convolve("conv2d", input.unsqueeze(0), weight, bias, attributes).squeeze(0);
}

/**
 * Convolution over one dimension; see `conv2d`.
 *
 * **Shapes** x: [N, C, L] or [C, L]; weight: [O, C/groups, K]; bias: [O], or none; result: [N, O, L'].
 */
export function conv1d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options: ConvolutionOptions = {},
): Tensor {
  if (weight.ndim !== 3) {
    throw new ShapeError(`conv1d: expected a weight [O, C/groups, K], got ${formatShape(weight.shape)}`);
  }
  isBatched("conv1d", x.shape, 1);
  const row = (what: string, value: Pair, neutral: number): readonly number[] =>
    rowPair("conv1d", what, value, neutral);
  const { padding = 0 } = options;
  return conv2d(x.unsqueeze(-2), weight.unsqueeze(-2), bias, {
    stride: row("stride", options.stride ?? 1, 1),
    padding: typeof padding === "string" ? padding : row("padding", padding, 0),
    dilation: row("dilation", options.dilation ?? 1, 1),
    groups: options.groups ?? 1,
  }).squeeze(-2);
}

/**
 * Transposed convolution over two dimensions: the gradient of a convolution as an operation of its own.
 *
 * **Shapes** x: [N, C, H, W] or [C, H, W]; weight: [C, O/groups, KH, KW]; bias: [O], or none; result: [N, O, H', W'] with
 * `H' = (H − 1)·stride − 2·padding + dilation·(KH − 1) + outputPadding + 1`.
 * @throws ShapeError if the sizes do not fit; UsageError for a bad option.
 */
export function convTranspose2d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options: TransposedConvolutionOptions = {},
): Tensor {
  const op = "convTranspose2d";
  if (weight.ndim !== 4) {
    throw new ShapeError(`${op}: expected a weight [C, O/groups, KH, KW], got ${formatShape(weight.shape)}`);
  }
  if (!isBatched(op, x.shape, 2)) return convTranspose2d(x.unsqueeze(0), weight, bias, options).squeeze(0);
  checkOperands(op, x, weight, bias);
  const { groups = 1 } = options;
  const stride = pairOf(op, "stride", options.stride ?? 1, 1);
  const padding = pairOf(op, "padding", options.padding ?? 0, 0);
  const dilation = pairOf(op, "dilation", options.dilation ?? 1, 1);
  const extra = pairOf(op, "outputPadding", options.outputPadding ?? 0, 0);
  const channels = weight.shape[0] as number;
  checkGroups(op, groups, channels, weight);
  if (x.shape[1] !== channels) {
    throw new ShapeError(
      `${op}: expected ${channels} input channels for weight ${formatShape(weight.shape)}, got input ${formatShape(x.shape)}`,
    );
  }
  const outChannels = (weight.shape[1] as number) * groups;
  checkBias(op, bias, outChannels, weight);
  const sizes = [0, 1].map((i) => {
    const step = stride[i] as number;
    const gap = dilation[i] as number;
    const added = extra[i] as number;
    if (added >= step && added >= gap) {
      throw new UsageError(
        `${op}: outputPadding ${added} must be smaller than the stride ${step} or the dilation ${gap}`,
      );
    }
    const spread = ((x.shape[2 + i] as number) - 1) * step + gap * ((weight.shape[2 + i] as number) - 1) + 1;
    return spread - 2 * (padding[i] as number) + added;
  });
  if (sizes.some((size) => size < 1)) {
    throw new ShapeError(
      `${op}: input ${formatShape(x.shape)} gives an output of size ${sizes.join(" × ")}; use less padding`,
    );
  }
  const inputShape = [x.shape[0] as number, outChannels, ...sizes];
  const out = conv2dBackwardInput(x, weight, { stride, padding, dilation, groups, inputShape });
  return bias === null ? out : out.add(bias.reshape([outChannels, 1, 1]));
}

/**
 * Transposed convolution over one dimension; see `convTranspose2d`.
 *
 * **Shapes** x: [N, C, L] or [C, L]; weight: [C, O/groups, K]; bias: [O], or none; result: [N, O, L'].
 */
export function convTranspose1d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options: TransposedConvolutionOptions = {},
): Tensor {
  const op = "convTranspose1d";
  if (weight.ndim !== 3) {
    throw new ShapeError(`${op}: expected a weight [C, O/groups, K], got ${formatShape(weight.shape)}`);
  }
  isBatched(op, x.shape, 1);
  return convTranspose2d(x.unsqueeze(-2), weight.unsqueeze(-2), bias, {
    stride: rowPair(op, "stride", options.stride ?? 1, 1),
    padding: rowPair(op, "padding", options.padding ?? 0, 0),
    outputPadding: rowPair(op, "outputPadding", options.outputPadding ?? 0, 0),
    dilation: rowPair(op, "dilation", options.dilation ?? 1, 1),
    groups: options.groups ?? 1,
  }).squeeze(-2);
}
