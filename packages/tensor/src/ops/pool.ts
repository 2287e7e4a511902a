// What the poolings over one, two and three dimensions share. Windows over volumes are windows over planes, then over depth.
import { allocate, filled } from "../allocate.js";
import { isFloatingPoint } from "../dtype.js";
import { DTypeError, ShapeError, UsageError } from "../errors.js";
import { code, kernels, metaBlock } from "../launch.js";
import { isRecording, noGrad, record, recordAll } from "../recorder.js";
import { formatShape, numberOfElements } from "../shape.js";
import type { Tensor } from "../tensor.js";
import type { AdaptiveSize, AvgPoolOptions, MaxPoolOptions, PooledAndIndices } from "./pooling.js";
import { dense } from "./reduce.js";
import type { AveragePool2d, Window2d } from "./registry.js";
import { isBatched, outputSize, type Pair, perDimension, writeWindow } from "./window.js";
import { adaptiveGeometry, maxPool2dIndices } from "./window-gradients.js";

type Sizes = readonly [number, number];

/** Values, and where in their plane, row or volume they were. */
interface Pooled {
  readonly values: Tensor;
  readonly indices: Tensor | null;
}

/** Pools a batch of planes [N, C, H, W]; `dims` are the dimensions that height and width stand for, null for none. */
type PlanePooling = (x: Tensor, dims: readonly [number | null, number | null], sizes: Sizes) => Pooled;

/** Windows over some dimensions, checked, and the size of the result along each. */
interface Pooling {
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  readonly sizes: readonly number[];
}

function checkFloat(op: string, x: Tensor): void {
  if (!isFloatingPoint(x.dtype)) {
    throw new DTypeError(`${op}: expected a floating point tensor, got ${x.dtype}; convert with .to("float32")`);
  }
}

/** The windows that the options tell for the last `dimensions` of x. */
function poolingOf(op: string, x: Tensor, dimensions: number, kernelSize: Pair, options: MaxPoolOptions): Pooling {
  checkFloat(op, x);
  const sizesOf = (what: string, value: Pair, least: number): readonly number[] =>
    perDimension(op, what, value, dimensions, least);
  const kernel = sizesOf("kernelSize", kernelSize, 1);
  const stride = sizesOf("stride", options.stride ?? kernel, 1);
  const padding = sizesOf("padding", options.padding ?? 0, 0);
  const dilation = sizesOf("dilation", options.dilation ?? 1, 1);
  if (padding.some((amount, i) => amount > (kernel[i] as number) / 2)) {
    throw new UsageError(
      `${op}: padding must be at most half the kernel size, got padding ${padding.join(", ")} for kernel ${kernel.join(", ")}`,
    );
  }
  const { shape } = x;
  const { ceilMode = false } = options;
  const sizes = shape
    .slice(-dimensions)
    .map((size, i) =>
      outputSize(size, kernel[i] as number, stride[i] as number, padding[i] as number, dilation[i] as number, ceilMode),
    );
  if (sizes.some((size) => size < 1) || shape.at(-dimensions - 1) === 0) {
    throw new ShapeError(
      `${op}: input ${formatShape(shape)} is too small for kernel ${kernel.join(" × ")} with dilation ${dilation.join(", ")} and padding ${padding.join(", ")}`,
    );
  }
  return { kernelSize: kernel, stride, padding, dilation, sizes };
}

/** The windows over two of the dimensions as windows over planes; over none they are of size 1. */
function planeWindow(pooling: Pooling, dims: readonly [number | null, number | null]): Window2d {
  const pair = (values: readonly number[], neutral: number): Sizes => {
    const [height, width] = dims.map((dim) => (dim === null ? neutral : (values[dim] as number)));
    return [height as number, width as number];
  };
  return {
    kernelSize: pair(pooling.kernelSize, 1),
    stride: pair(pooling.stride, 1),
    padding: pair(pooling.padding, 0),
    dilation: pair(pooling.dilation, 1),
  };
}

/** Pools the last dimensions of x, with or without a batch, to `sizes`: rows are planes, volumes are pooled in two steps. */
function poolOver(x: Tensor, sizes: readonly number[], plane: PlanePooling): Pooled {
  if (x.ndim === sizes.length + 1) {
    const { values, indices } = poolOver(x.unsqueeze(0), sizes, plane);
    return { values: values.squeeze(0), indices: indices?.squeeze(0) ?? null };
  }
  if (sizes.length === 1) {
    const { values, indices } = plane(x.unsqueeze(-2), [null, 0], [1, sizes[0] as number]);
    return { values: values.squeeze(-2), indices: indices?.squeeze(-2) ?? null };
  }
  if (sizes.length === 2) return plane(x, [0, 1], sizes as Sizes);
  const [batch, channels, depth, height, width] = x.shape as [number, number, number, number, number];
  const [newDepth, newHeight, newWidth] = sizes as [number, number, number];
  const area = newHeight * newWidth;
  const planes = plane(x.reshape([batch, channels * depth, height, width]), [1, 2], [newHeight, newWidth]);
  const columns = plane(planes.values.reshape([batch, channels, depth, area]), [0, null], [newDepth, area]);
  const shape = [batch, channels, newDepth, newHeight, newWidth];
  const values = columns.values.reshape(shape);
  if (planes.indices === null || columns.indices === null) return { values, indices: null };
  // Where each maximum was among the planes' maxima tells its depth, and where in its plane to look.
  const at = columns.indices.flatten(2);
  const inPlane = planes.indices.reshape([batch, channels, depth * area]).gather(2, at);
  return {
    values,
    indices: at
      .floorDivide(area)
      .mul(height * width)
      .add(inPlane)
      .reshape(shape),
  };
}

/** Largest elements of windows over the last `dimensions`, and where they were if that is wanted. */
export function maxPoolOver(
  op: string,
  dimensions: number,
  x: Tensor,
  kernelSize: Pair,
  options: MaxPoolOptions & { returnIndices?: boolean },
): Tensor | PooledAndIndices {
  isBatched(op, x.shape, dimensions);
  const pooling = poolingOf(op, x, dimensions, kernelSize, options);
  const { returnIndices = false } = options;
  const { values, indices } = poolOver(x, pooling.sizes, (planes, dims, sizes) =>
    maxima(planes, planeWindow(pooling, dims), sizes, returnIndices),
  );
  return indices === null ? values : { values, indices };
}

/** The recorded primitive; the codes of where the maxima were are left out where nobody needs them. */
function maxima(x: Tensor, window: Window2d, sizes: Sizes, wantIndices: boolean): Pooled {
  const shape = [...x.shape.slice(0, 2), ...sizes];
  const values = allocate(shape, x.dtype);
  const [kernelHeight, kernelWidth] = window.kernelSize;
  const needsCodes = wantIndices || isRecording([x]);
  const codes = needsCodes ? allocate(shape, kernelHeight * kernelWidth <= 256 ? "uint8" : "int32") : null;
  if (numberOfElements(shape) > 0) {
    const source = dense(x);
    writeWindow(x.shape, window.kernelSize, window, shape);
    const target = codes === null ? 0 : codes.address;
    kernels.maxPool2d(code(x.dtype), metaBlock.address, source.address, values.address, target);
  }
  if (codes === null) return { values, indices: null };
  recordAll("maxPool2d", [x], [values, codes], window);
  return { values, indices: wantIndices ? maxPool2dIndices(codes, { ...window, inputShape: x.shape }) : null };
}

/** Means of windows over the last `dimensions`. */
export function avgPoolOver(
  op: string,
  dimensions: number,
  x: Tensor,
  kernelSize: Pair,
  options: AvgPoolOptions,
): Tensor {
  isBatched(op, x.shape, dimensions);
  const { countIncludePad = true, divisorOverride = null } = options;
  if (divisorOverride === 0) throw new UsageError(`${op}: divisorOverride must not be 0`);
  const pooling = poolingOf(op, x, dimensions, kernelSize, options);
  // Over volumes PyTorch counts no padding here.
  const isSmaller = pooling.kernelSize.some((size, i) => (x.shape.at(i - dimensions) as number) < size);
  if (dimensions === 3 && isSmaller) {
    throw new ShapeError(
      `${op}: input ${formatShape(x.shape)} is smaller than kernel ${pooling.kernelSize.join(" × ")}`,
    );
  }
  return poolOver(x, pooling.sizes, (planes, dims, sizes) => {
    // Of the two steps through a volume only one divides by it.
    const divisor = divisorOverride !== null && dims[0] === 0 && dims[1] === null ? 1 : (divisorOverride ?? 0);
    const { kernelSize: kernel, stride, padding, dilation } = planeWindow(pooling, dims);
    const attributes = { kernelSize: kernel, stride, padding, dilation, countIncludePad, divisorOverride: divisor };
    return { values: means(planes, attributes, sizes), indices: null };
  }).values;
}

function means(x: Tensor, attributes: AveragePool2d, sizes: Sizes): Tensor {
  const shape = [...x.shape.slice(0, 2), ...sizes];
  const out = allocate(shape, x.dtype);
  if (numberOfElements(shape) > 0) {
    const { kernelSize, countIncludePad, divisorOverride } = attributes;
    const source = dense(x);
    writeWindow(x.shape, kernelSize, attributes, shape, 1, countIncludePad ? 1 : 0, divisorOverride);
    kernels.avgPool2d(code(x.dtype), metaBlock.address, source.address, out.address);
  }
  return record("avgPool2d", [x], out, attributes);
}

/** The sizes that adaptive pooling over the last `dimensions` gives, each at least `least`. */
function adaptiveSizes(
  op: string,
  dimensions: number,
  x: Tensor,
  outputSize: AdaptiveSize,
  least: number,
): readonly number[] {
  const isBatch = isBatched(op, x.shape, dimensions);
  checkFloat(op, x);
  const wanted = Array.isArray(outputSize)
    ? outputSize
    : new Array<number | null>(dimensions).fill(outputSize as number);
  const own = x.shape.slice(-dimensions);
  const sizes = wanted.map((size: number | null, i) => size ?? (own[i] as number));
  if (numberOfElements(isBatch ? x.shape.slice(1) : x.shape) === 0) {
    throw new ShapeError(`${op}: only the batch may be empty, got input ${formatShape(x.shape)}`);
  }
  return perDimension(op, "outputSize", sizes, dimensions, least);
}

/** Means of as many windows over the last `dimensions` as wanted. */
export function adaptiveAvgPoolOver(op: string, dimensions: number, x: Tensor, outputSize: AdaptiveSize): Tensor {
  const wanted = adaptiveSizes(op, dimensions, x, outputSize, 0);
  return poolOver(x, wanted, (planes, _, sizes) => ({ values: adaptiveMeans(planes, sizes), indices: null })).values;
}

function adaptiveMeans(x: Tensor, sizes: Sizes): Tensor {
  return record(
    "adaptiveAvgPool2d",
    [x],
    noGrad(() => computeAdaptiveMeans(x, sizes)),
    { outputSize: sizes },
  );
}

function computeAdaptiveMeans(x: Tensor, sizes: Sizes): Tensor {
  if (sizes.every((size) => size === 1)) return x.mean([2, 3], { keepdim: true });
  const shape = [...x.shape.slice(0, 2), ...sizes];
  if (numberOfElements(shape) === 0) return filled(shape, x.dtype, 0);
  const out = allocate(shape, x.dtype);
  const source = dense(x);
  writeWindow(x.shape, [1, 1], adaptiveGeometry, shape);
  kernels.adaptiveAvgPool2d(code(x.dtype), metaBlock.address, source.address, out.address);
  return out;
}

/** Maxima of as many windows over the last `dimensions` as wanted, and where they were. */
export function adaptiveMaxPoolOver(
  op: string,
  dimensions: number,
  x: Tensor,
  outputSize: AdaptiveSize,
): PooledAndIndices {
  const wanted = adaptiveSizes(op, dimensions, x, outputSize, 1);
  return poolOver(x, wanted, (planes, _, sizes) => adaptiveMaxima(planes, sizes)) as PooledAndIndices;
}

/** A kernel finds where the maxima are, and gather, which has a gradient, reads them. */
function adaptiveMaxima(x: Tensor, sizes: Sizes): PooledAndIndices {
  const shape = [...x.shape.slice(0, 2), ...sizes];
  const indices = allocate(shape, "int32");
  if (numberOfElements(shape) > 0) {
    const source = dense(x);
    writeWindow(x.shape, [1, 1], adaptiveGeometry, shape);
    kernels.adaptiveMaxPool2dIndices(code(x.dtype), metaBlock.address, source.address, indices.address);
  }
  return { values: x.flatten(2).gather(2, indices.flatten(2)).reshape(shape), indices };
}
