import { ShapeError } from "../errors.js";
import { contiguousStrides, formatShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { placeStrided } from "./place.js";
import { asStrided } from "./view.js";
import { isBatched, type Pair, pairOf, outputSize as windowsAlong } from "./window.js";

/** Options of {@link im2col} and {@link col2im}. */
export interface ColumnOptions {
  /** Distance between the window's elements. Default 1. */
  dilation?: Pair;
  /** Zeros added on both sides. Default 0. */
  padding?: Pair;
  /** Step of the window. Default 1. */
  stride?: Pair;
}

/** Windows over padded images. */
interface Columns {
  readonly kernel: readonly [number, number];
  readonly padding: readonly [number, number];
  /** Height and width with the padding. */
  readonly padded: readonly [number, number];
  /** How many windows there are below and beside each other. */
  readonly counts: readonly [number, number];
  /** The layout [N, C, KH, KW, H', W'] of all windows' elements over padded images [N, C, H, W] of `channels`. */
  strides(channels: number): number[];
}

function columnsOf(op: string, size: readonly [number, number], kernelSize: Pair, options: ColumnOptions): Columns {
  const kernel = pairOf(op, "kernelSize", kernelSize, 1);
  const dilation = pairOf(op, "dilation", options.dilation ?? 1, 1);
  const padding = pairOf(op, "padding", options.padding ?? 0, 0);
  const stride = pairOf(op, "stride", options.stride ?? 1, 1);
  const count = (i: 0 | 1): number => windowsAlong(size[i], kernel[i], stride[i], padding[i], dilation[i]);
  const counts = [count(0), count(1)] as const;
  if (counts[0] < 1 || counts[1] < 1) {
    throw new ShapeError(
      `${op}: no window of ${kernel.join(" × ")} with dilation ${dilation.join(", ")} fits into ${size.join(" × ")} with padding ${padding.join(", ")}`,
    );
  }
  const padded = [size[0] + 2 * padding[0], size[1] + 2 * padding[1]] as const;
  const strides = (channels: number): number[] => {
    const [image, channel, row] = contiguousStrides([1, channels, ...padded]) as [number, number, number];
    return [image, channel, dilation[0] * row, dilation[1], stride[0] * row, stride[1]];
  };
  return { kernel, padding, padded, counts, strides };
}

/**
 * The elements of every window over two dimensions as columns: PyTorch's `functional.unfold`.
 *
 * **Shapes** x: [N, C, H, W] or [C, H, W]; result: [N, C·KH·KW, L], where L is the number of windows, row by row.
 * Options: `dilation` (1), `padding` (0), `stride` (1).
 * @throws ShapeError if no window fits; UsageError for a bad option.
 * @example
 * im2col(arange(9, { dtype: "float32" }).reshape([1, 3, 3]), 2); // → [[0, 1, 3, 4], [1, 2, 4, 5], [3, 4, 6, 7],
 * //    [4, 5, 7, 8]]
 */
export function im2col(x: Tensor, kernelSize: Pair, options: ColumnOptions = {}): Tensor {
  const op = "im2col";
  if (!isBatched(op, x.shape, 2)) return im2col(x.unsqueeze(0), kernelSize, options).squeeze(0);
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  const { kernel, padding, counts, strides } = columnsOf(op, [height, width], kernelSize, options);
  const [top, left] = padding;
  const source = (top === 0 && left === 0 ? x : x.pad([left, left, top, top])).contiguous();
  return asStrided(source, [batch, channels, ...kernel, ...counts], strides(channels)).reshape([
    batch,
    channels * kernel[0] * kernel[1],
    counts[0] * counts[1],
  ]);
}

/**
 * Adds columns up to images, each element where its window had it: PyTorch's `functional.fold`, the transpose of `im2col`.
 *
 * **Shapes** x: [N, C·KH·KW, L] or [C·KH·KW, L]; result: [N, C, ...outputSize]. Options: `dilation` (1), `padding` (0,
 * cut off the result), `stride` (1).
 * @throws ShapeError if the columns are not those of such images; UsageError for a bad option.
 * @example col2im(ones([4, 4]), [3, 3], 2); // → [[[1, 2, 1], [2, 4, 2], [1, 2, 1]]]
 */
export function col2im(x: Tensor, outputSize: Pair, kernelSize: Pair, options: ColumnOptions = {}): Tensor {
  const op = "col2im";
  if (x.ndim === 2) return col2im(x.unsqueeze(0), outputSize, kernelSize, options).squeeze(0);
  const size = pairOf(op, "outputSize", outputSize, 1);
  const { kernel, padding, padded, counts, strides } = columnsOf(op, size, kernelSize, options);
  const taps = kernel[0] * kernel[1];
  const [batch, rows, columns] = x.shape as [number, number, number];
  if (x.ndim !== 3 || rows % taps !== 0 || columns !== counts[0] * counts[1]) {
    throw new ShapeError(
      `${op}: expected an input [N, C · ${taps}, ${counts[0] * counts[1]}], for ${counts.join(" × ")} windows over ${size.join(" × ")}, got ${formatShape(x.shape)}`,
    );
  }
  const channels = rows / taps;
  const images = placeStrided(
    x.reshape([batch, channels, ...kernel, ...counts]),
    [batch, channels, ...padded],
    strides(channels),
    0,
  );
  const [top, left] = padding;
  return top === 0 && left === 0 ? images : images.pad([-left, -left, -top, -top]);
}
