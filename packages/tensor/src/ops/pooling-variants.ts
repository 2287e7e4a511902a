import { ShapeError, UsageError } from "../errors.js";
import { formatShape, numberOfElements, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { fromArray, zeros } from "./creation.js";
import { type AdaptiveSize, avgPool1d, avgPool2d, maxPool2d, type PooledAndIndices } from "./pooling.js";
import { isBatched, type Pair, pairOf, rowPair } from "./window.js";

/** Where the windows of an adaptive pooling lie along one dimension: all as long as the longest, the last element repeated. */
function adaptiveWindows(size: number, count: number): { positions: number[]; length: number } {
  const windows = Array.from({ length: count }, (_, i) => ({
    start: Math.floor((i * size) / count),
    end: Math.ceil(((i + 1) * size) / count),
  }));
  const length = Math.max(0, ...windows.map(({ start, end }) => end - start));
  const positions = windows.flatMap(({ start, end }) => Array.from({ length }, (_, k) => Math.min(start + k, end - 1)));
  return { positions, length };
}

const vector = (values: readonly number[]): Tensor => fromArray(values, [values.length], "int32");

/** Maxima and where in the image they stand. */
function adaptiveMaxima(op: string, x: Tensor, size: AdaptiveSize): PooledAndIndices {
  if (!isBatched(op, x.shape, 2)) {
    const { values, indices } = adaptiveMaxima(op, x.unsqueeze(0), size);
    return { values: values.squeeze(0), indices: indices.squeeze(0) };
  }
  const [inputHeight, inputWidth] = x.shape.slice(2) as [number, number];
  const wanted = typeof size === "number" || size === null ? [size, size] : size;
  const [height, width] = pairOf(op, "outputSize", [wanted[0] ?? inputHeight, wanted[1] ?? inputWidth], 1);
  if (numberOfElements(x.shape.slice(1)) === 0) {
    throw new ShapeError(`${op}: only the batch may be empty, got input ${formatShape(x.shape)}`);
  }
  const rows = adaptiveWindows(inputHeight, height);
  const columns = adaptiveWindows(inputWidth, width);
  // The windows side by side, where an ordinary pooling finds the maxima; repeats come last, so the first maximum wins.
  const apart = x.indexSelect(2, vector(rows.positions)).indexSelect(3, vector(columns.positions));
  const { values, indices } = maxPool2d(apart, [rows.length, columns.length], { returnIndices: true });
  const where = indices.flatten();
  const row = vector(rows.positions).indexSelect(0, where.floorDivide(columns.positions.length));
  const column = vector(columns.positions).indexSelect(0, where.remainder(columns.positions.length));
  return { values, indices: row.mul(inputWidth).add(column).reshape(indices.shape) };
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
  const pooled = adaptiveMaxima("adaptiveMaxPool2d", x, outputSize);
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
  const op = "adaptiveMaxPool1d";
  isBatched(op, x.shape, 1);
  const { values, indices } = adaptiveMaxima(op, x.unsqueeze(-2), rowPair(op, "outputSize", outputSize, 1));
  return options.returnIndices ? { values: values.squeeze(-2), indices: indices.squeeze(-2) } : values.squeeze(-2);
}

export interface LpPoolOptions {
  /** Step of the window. Default: its size. */
  stride?: Pair | null;
  /** Whether windows that reach over the end count. Default false. */
  ceilMode?: boolean;
}

/** From the means of powers to norms. */
function rootOfMeans(means: Tensor, elements: number, normType: number): Tensor {
  return means
    .sign()
    .mul(means.abs().relu())
    .mul(elements)
    .pow(1 / normType);
}

/** The norm `(Σ xᵖ)^(1/p)` of every window over two dimensions; [N, C, H, W] or [C, H, W]. */
export function lpPool2d(x: Tensor, normType: number, kernelSize: Pair, options: LpPoolOptions = {}): Tensor {
  const [height, width] = pairOf("lpPool2d", "kernelSize", kernelSize, 1);
  return rootOfMeans(avgPool2d(x.pow(normType), kernelSize, options), height * width, normType);
}

/** The norm `(Σ xᵖ)^(1/p)` of every window over one dimension; [N, C, L] or [C, L]. */
export function lpPool1d(x: Tensor, normType: number, kernelSize: Pair, options: LpPoolOptions = {}): Tensor {
  const [, width] = rowPair("lpPool1d", "kernelSize", kernelSize, 1);
  return rootOfMeans(avgPool1d(x.pow(normType), kernelSize, options), width, normType);
}

export interface MaxUnpoolOptions {
  /** Step of the pooling that is undone. Default: the size of its window. */
  stride?: Pair | null;
  /** Padding of the pooling that is undone. Default 0. */
  padding?: Pair;
  /** Sizes of the result, which the pooling leaves open. Default: the smallest that fit. */
  outputSize?: readonly number[] | null;
}

/** Puts x into zeros of `size` spatial elements at the positions that a max pooling gave. */
function unpool(op: string, x: Tensor, indices: Tensor, size: readonly number[]): Tensor {
  if (!sameShape(x.shape, indices.shape)) {
    throw new ShapeError(`${op}: expected indices ${formatShape(x.shape)}, got ${formatShape(indices.shape)}`);
  }
  const lead = x.shape.slice(0, x.ndim - size.length);
  const flat = zeros([...lead, numberOfElements(size)], { dtype: x.dtype });
  return flat.scatter(-1, indices.flatten(lead.length), x.flatten(lead.length)).reshape([...lead, ...size]);
}

function unpooledSize(
  op: string,
  size: number,
  window: number,
  stride: number,
  padding: number,
  wanted?: number,
): number {
  const smallest = (size - 1) * stride - 2 * padding + window;
  if (wanted === undefined) return smallest;
  if (Math.abs(wanted - smallest) >= stride) {
    throw new UsageError(`${op}: outputSize ${wanted} must be within ${stride - 1} of ${smallest}`);
  }
  return wanted;
}

/**
 * The partial inverse of `maxPool2d`: maxima go back to where they were, the rest is 0.
 *
 * **Shapes** x, indices: [N, C, H, W] or [C, H, W]; result: [N, C, H', W'].
 * @throws ShapeError for indices of another shape or out of range; UsageError for an outputSize that cannot be.
 */
export function maxUnpool2d(x: Tensor, indices: Tensor, kernelSize: Pair, options: MaxUnpoolOptions = {}): Tensor {
  const op = "maxUnpool2d";
  isBatched(op, x.shape, 2);
  const window = pairOf(op, "kernelSize", kernelSize, 1);
  const stride = pairOf(op, "stride", options.stride ?? window, 1);
  const padding = pairOf(op, "padding", options.padding ?? 0, 0);
  const wanted = options.outputSize?.slice(-2);
  const size = ([0, 1] as const).map((i) =>
    unpooledSize(op, x.shape.at(i - 2) as number, window[i], stride[i], padding[i], wanted?.[i]),
  );
  return unpool(op, x, indices, size);
}

/** The partial inverse of `maxPool1d`; [N, C, L] or [C, L]. See `maxUnpool2d`. */
export function maxUnpool1d(x: Tensor, indices: Tensor, kernelSize: Pair, options: MaxUnpoolOptions = {}): Tensor {
  const op = "maxUnpool1d";
  isBatched(op, x.shape, 1);
  const [, window] = rowPair(op, "kernelSize", kernelSize, 1);
  const [, stride] = rowPair(op, "stride", options.stride ?? window, 1);
  const [, padding] = rowPair(op, "padding", options.padding ?? 0, 0);
  return unpool(op, x, indices, [
    unpooledSize(op, x.shape.at(-1) as number, window, stride, padding, options.outputSize?.at(-1)),
  ]);
}
