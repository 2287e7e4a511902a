// What the convolutions over one, two and three dimensions share. All are convolutions of planes: rows are planes of
// height 1, and for volumes the taps along the depth become channels.
import { allocate, filled } from "../allocate.js";
import { isFloatingPoint } from "../dtype.js";
import { DTypeError, ShapeError, UsageError } from "../errors.js";
import { record } from "../recorder.js";
import { contiguousStrides, formatShape, numberOfElements } from "../shape.js";
import type { Tensor } from "../tensor.js";
import type { ConvolutionOptions, TransposedConvolutionOptions } from "./convolution.js";
import { placeStrided } from "./place.js";
import type { Convolution2d } from "./registry.js";
import { asStrided } from "./view.js";
import { isBatched, outputSize, type Pair, perDimension } from "./window.js";
import { conv2dBackwardInput, runConv2d } from "./window-gradients.js";

/** Where windows over some dimensions lie, and the size of the result along each. */
interface Geometry {
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  readonly groups: number;
  readonly sizes: readonly number[];
}

const letters = ["K", "KH, KW", "KD, KH, KW"];

function checkWeight(op: string, dimensions: number, weight: Tensor, channels: string): void {
  if (weight.ndim !== dimensions + 2) {
    throw new ShapeError(
      `${op}: expected a weight [${channels}, ${letters[dimensions - 1]}], got ${formatShape(weight.shape)}`,
    );
  }
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

function checkChannels(op: string, x: Tensor, weight: Tensor, channels: number, groups: number): void {
  const given = x.shape.at(1 - weight.ndim);
  if (given === channels) return;
  const inGroups = groups === 1 ? "" : ` in ${groups} groups`;
  throw new ShapeError(
    `${op}: expected ${channels} input channels for weight ${formatShape(weight.shape)}${inGroups}, got input ${formatShape(x.shape)}`,
  );
}

/** `padding` in numbers, and the input padded where "same" needs one more zero after than before. */
function resolvePadding(
  op: string,
  x: Tensor,
  kernel: readonly number[],
  padding: Pair | "same" | "valid",
  stride: readonly number[],
  dilation: readonly number[],
): { input: Tensor; padding: readonly number[] } {
  if (padding === "valid") return { input: x, padding: kernel.map(() => 0) };
  if (padding !== "same") {
    if (typeof padding === "string") {
      throw new UsageError(`${op}: padding must be numbers, "same" or "valid", got ${JSON.stringify(padding)}`);
    }
    return { input: x, padding: perDimension(op, "padding", padding, kernel.length, 0) };
  }
  if (stride.some((step) => step !== 1)) {
    throw new UsageError(`${op}: padding "same" needs stride 1, got ${stride.join(", ")}`);
  }
  const totals = kernel.map((size, i) => (dilation[i] as number) * (size - 1));
  const isEven = totals.every((total) => total % 2 === 0);
  const amounts = totals.map((total) => [0, total % 2]).reverse();
  return { input: isEven ? x : x.pad(amounts.flat()), padding: totals.map((total) => Math.floor(total / 2)) };
}

/** The recorded primitive: convolution of a batch of planes. */
function convolvePlanes(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  attributes: Convolution2d,
  sizes: readonly number[],
): Tensor {
  const shape = [x.shape[0] as number, weight.shape[0] as number, ...sizes];
  const hasChannels = x.shape[1] !== 0;
  const out = hasChannels ? allocate(shape, x.dtype) : filled(shape, x.dtype, 0);
  if (hasChannels && numberOfElements(shape) > 0) {
    runConv2d("forward", x, weight, bias, out, x.shape, weight.shape, shape, attributes);
  }
  return record("conv2d", [x, weight, bias], out, attributes);
}

/** The geometry over the last two dimensions, or over one as planes of height 1. */
function planeGeometry({ stride, padding, dilation, groups }: Geometry): Convolution2d {
  const pair = (values: readonly number[], neutral: number): readonly [number, number] => [
    values.at(-2) ?? neutral,
    values.at(-1) as number,
  ];
  return { stride: pair(stride, 1), padding: pair(padding, 0), dilation: pair(dilation, 1), groups };
}

/** Weights over volumes as weights over planes: the taps along the depth are channels. */
function planeWeight(weight: Tensor): Tensor {
  const [first, second, depth, ...kernel] = weight.shape as [number, number, number, ...number[]];
  return weight.reshape([first, second * depth, ...kernel]);
}

function convolveVolumes(x: Tensor, weight: Tensor, bias: Tensor | null, geometry: Geometry): Tensor {
  const [step, before, gap] = [geometry.stride[0], geometry.padding[0], geometry.dilation[0]] as [
    number,
    number,
    number,
  ];
  const [newDepth, ...planeSizes] = geometry.sizes as [number, ...number[]];
  const source = (before === 0 ? x : x.pad([0, 0, 0, 0, before, before])).contiguous();
  const [batch, channels, , height, width] = source.shape as [number, number, number, number, number];
  const [image, channel, plane, row, column] = contiguousStrides(source.shape) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const depth = weight.shape[2] as number;
  const windows = asStrided(
    source,
    [batch, newDepth, channels, depth, height, width],
    [image, step * plane, channel, gap * plane, row, column],
  );
  const planes = windows.reshape([batch * newDepth, channels * depth, height, width]);
  const out = convolvePlanes(planes, planeWeight(weight), bias, planeGeometry(geometry), planeSizes);
  const volumes = out.reshape([batch, newDepth, weight.shape[0] as number, ...planeSizes]);
  return volumes.permute([0, 2, 1, 3, 4]).contiguous();
}

/** Convolution over the last `dimensions`, with or without a batch. */
export function convolveOver(
  op: string,
  dimensions: number,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  options: ConvolutionOptions,
): Tensor {
  checkWeight(op, dimensions, weight, "O, C/groups");
  const isBatch = isBatched(op, x.shape, dimensions);
  checkOperands(op, x, weight, bias);
  const { groups = 1 } = options;
  const stride = perDimension(op, "stride", options.stride ?? 1, dimensions, 1);
  const dilation = perDimension(op, "dilation", options.dilation ?? 1, dimensions, 1);
  const kernel = weight.shape.slice(2);
  const { input, padding } = resolvePadding(op, x, kernel, options.padding ?? 0, stride, dilation);
  const outChannels = weight.shape[0] as number;
  checkGroups(op, groups, outChannels, weight);
  checkChannels(op, x, weight, (weight.shape[1] as number) * groups, groups);
  checkBias(op, bias, outChannels, weight);
  const sizes = kernel.map((size, i) => {
    const own = input.shape.at(i - dimensions) as number;
    return outputSize(own, size, stride[i] as number, padding[i] as number, dilation[i] as number);
  });
  if (sizes.some((size) => size < 1)) {
    throw new ShapeError(
      `${op}: the window of weight ${formatShape(weight.shape)} (dilation ${dilation.join(", ")}) is larger than the input ${formatShape(x.shape)} with padding ${padding.join(", ")}; use a smaller kernel or more padding`,
    );
  }
  const geometry = { stride, padding, dilation, groups, sizes };
  const batch = isBatch ? input : input.unsqueeze(0);
  const out =
    dimensions === 3
      ? convolveVolumes(batch, weight, bias, geometry)
      : dimensions === 2
        ? convolvePlanes(batch, weight, bias, planeGeometry(geometry), sizes)
        : convolvePlanes(batch.unsqueeze(-2), weight.unsqueeze(-2), bias, planeGeometry(geometry), [
            1,
            ...sizes,
          ]).squeeze(-2);
  return isBatch ? out : out.squeeze(0);
}

/** The gradient of a convolution of planes as an operation of its own. */
function spreadPlanes(x: Tensor, weight: Tensor, geometry: Geometry, sizes: readonly number[]): Tensor {
  const channels = (weight.shape[1] as number) * geometry.groups;
  const inputShape = [x.shape[0] as number, channels, ...sizes];
  return conv2dBackwardInput(x, weight, { ...planeGeometry(geometry), inputShape });
}

function spreadVolumes(x: Tensor, weight: Tensor, geometry: Geometry): Tensor {
  const [step, cut, gap] = [geometry.stride[0], geometry.padding[0], geometry.dilation[0]] as [number, number, number];
  const [newDepth, height, width] = geometry.sizes as [number, number, number];
  const [batch, , depth] = x.shape as [number, number, number];
  const taps = weight.shape[2] as number;
  const planes = x.permute([0, 2, 1, 3, 4]).flatten(0, 1);
  const spread = spreadPlanes(planes, planeWeight(weight), geometry, [height, width]);
  const channels = (weight.shape[1] as number) * geometry.groups;
  const shape = [batch, channels, newDepth + 2 * cut, height, width];
  const [image, channel, plane, row, column] = contiguousStrides(shape) as [number, number, number, number, number];
  const added = placeStrided(
    spread.reshape([batch, depth, channels, taps, height, width]),
    shape,
    [image, step * plane, channel, gap * plane, row, column],
    0,
  );
  return cut === 0 ? added : added.pad([0, 0, 0, 0, -cut, -cut]);
}

/** Transposed convolution over the last `dimensions`, with or without a batch. */
export function convolveTransposedOver(
  op: string,
  dimensions: number,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  options: TransposedConvolutionOptions,
): Tensor {
  checkWeight(op, dimensions, weight, "C, O/groups");
  const isBatch = isBatched(op, x.shape, dimensions);
  checkOperands(op, x, weight, bias);
  const { groups = 1 } = options;
  const stride = perDimension(op, "stride", options.stride ?? 1, dimensions, 1);
  const padding = perDimension(op, "padding", options.padding ?? 0, dimensions, 0);
  const dilation = perDimension(op, "dilation", options.dilation ?? 1, dimensions, 1);
  const extra = perDimension(op, "outputPadding", options.outputPadding ?? 0, dimensions, 0);
  const channels = weight.shape[0] as number;
  checkGroups(op, groups, channels, weight);
  checkChannels(op, x, weight, channels, groups);
  const outChannels = (weight.shape[1] as number) * groups;
  checkBias(op, bias, outChannels, weight);
  const sizes = weight.shape.slice(2).map((kernel, i) => {
    const [step, gap, added] = [stride[i], dilation[i], extra[i]] as [number, number, number];
    if (added >= step && added >= gap) {
      throw new UsageError(
        `${op}: outputPadding ${added} must be smaller than the stride ${step} or the dilation ${gap}`,
      );
    }
    const own = x.shape.at(i - dimensions) as number;
    return (own - 1) * step + gap * (kernel - 1) + 1 - 2 * (padding[i] as number) + added;
  });
  if (sizes.some((size) => size < 1)) {
    throw new ShapeError(
      `${op}: input ${formatShape(x.shape)} gives an output of size ${sizes.join(" × ")}; use less padding`,
    );
  }
  const geometry = { stride, padding, dilation, groups, sizes };
  const batch = isBatch ? x : x.unsqueeze(0);
  const out =
    dimensions === 3
      ? spreadVolumes(batch, weight, geometry)
      : dimensions === 2
        ? spreadPlanes(batch, weight, geometry, sizes)
        : spreadPlanes(batch.unsqueeze(-2), weight.unsqueeze(-2), geometry, [1, ...sizes]).squeeze(-2);
  const shifted = bias === null ? out : out.add(bias.reshape([outChannels, ...sizes.map(() => 1)]));
  return isBatch ? shifted : shifted.squeeze(0);
}
