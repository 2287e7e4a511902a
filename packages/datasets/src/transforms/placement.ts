import { type Tensor, type TypedArray, UsageError } from "@kindling/tensor";
import { newData, onPixels, type Pixels, PixelTransform } from "./pixels.js";

/**
 * Where the pixels of a new image come from: pixel (y, x) is pixel (rows[y], columns[x]) of the old one, or the
 * fill where one of the two is -1. Cropping, padding, flipping and nearest-neighbour scaling are all of this form.
 */
export interface Placement {
  readonly rows: Int32Array;
  readonly columns: Int32Array;
  /** One value, or one per channel. */
  readonly fill: number | readonly number[];
}

/** A transform that moves pixels and computes nothing, so that several in a row can be done in one pass. */
export abstract class PlacementTransform extends PixelTransform {
  /** Draws, and says where the pixels go; null leaves the image as it is. */
  abstract place(height: number, width: number): Placement | null;

  apply(pixels: Pixels): Pixels {
    return placed(pixels, this.place(pixels.height, pixels.width));
  }

  /** Where nothing is computed, masks and class maps of any element type are welcome. */
  override forward(image: Tensor): Tensor {
    return onPixels(this.constructor.name, image, (pixels) => this.apply(pixels), movable);
  }
}

export const movable = ["bool", "uint8", "int8", "int16", "int32", "float32", "float64"] as const;

/** The image after a placement. */
export function placed(pixels: Pixels, placement: Placement | null): Pixels {
  if (placement === null) return pixels;
  const { count, channels } = pixels;
  const { length: height } = placement.rows;
  const { length: width } = placement.columns;
  const data = newData(pixels.data, count * channels * height * width);
  placePixels(pixels, placement, data, 0);
  return { data, count, channels, height, width };
}

/** Writes the pixels of `placement` into `target` from `at` on. */
export function placePixels(pixels: Pixels, placement: Placement, target: TypedArray, at: number): void {
  const { rows, columns, fill } = placement;
  const { data, count, channels, height, width } = pixels;
  if (typeof fill !== "number" && fill.length !== channels) {
    throw new UsageError(`expected one fill value or one per channel (${channels}), got ${fill.length}`);
  }
  const newWidth = columns.length;
  const [left, right] = inside(columns);
  const [top, bottom] = inside(rows);
  const isMirrored = isRun(columns, left, right, -1);
  if (!(isMirrored || isRun(columns, left, right, 1)) || !isRun(rows, top, bottom, 1)) {
    gatherPixels(pixels, placement, target, at);
    return;
  }
  // A window of the image, as cropping, padding and mirroring leave it: copied in pieces, border and mirroring after.
  // For a mirrored window, the copy is of its mirror image.
  const [low, high] = isMirrored ? [newWidth - right, newWidth - left] : [left, right];
  const firstColumn = left < right ? (columns[isMirrored ? right - 1 : left] as number) : 0;
  const firstRow = top < bottom ? (rows[top] as number) : 0;
  for (let plane = 0; plane < count * channels; plane++) {
    const background = typeof fill === "number" ? fill : (fill[plane % channels] as number);
    const start = at + plane * rows.length * newWidth;
    const from = (plane * height + firstRow) * width + firstColumn;
    if (low < high && top < bottom) {
      if (newWidth === width) {
        // Rows of equal length follow each other at equal distances: one copy, running over the borders, serves all.
        const length = (bottom - top - 1) * width + high - low;
        target.set(data.subarray(from, from + length), start + top * width + low);
      } else {
        for (let row = 0; row < bottom - top; row++) {
          const line = from + row * width;
          target.set(data.subarray(line, line + high - low), start + (top + row) * newWidth + low);
        }
      }
    }
    target.fill(background, start, start + top * newWidth);
    target.fill(background, start + bottom * newWidth, start + rows.length * newWidth);
    for (let row = top; row < bottom; row++) {
      const line = start + row * newWidth;
      for (let x = 0; x < low; x++) target[line + x] = background;
      for (let x = high; x < newWidth; x++) target[line + x] = background;
    }
  }
  if (isMirrored) mirrorRows(target, at, count * channels * rows.length, newWidth);
}

function gatherPixels(pixels: Pixels, { rows, columns, fill }: Placement, target: TypedArray, at: number): void {
  const { data, count, channels, height, width } = pixels;
  let to = at;
  for (let plane = 0; plane < count * channels; plane++) {
    const background = typeof fill === "number" ? fill : (fill[plane % channels] as number);
    for (const row of rows) {
      const from = (plane * height + row) * width;
      for (const column of columns) target[to++] = row < 0 || column < 0 ? background : (data[from + column] as number);
    }
  }
}

/** The part of an axis that shows the image, not the fill. */
function inside(indices: Int32Array): [start: number, end: number] {
  let start = 0;
  let end = indices.length;
  while (start < end && (indices[start] as number) < 0) start++;
  while (end > start && (indices[end - 1] as number) < 0) end--;
  return [start, end];
}

function isRun(indices: Int32Array, start: number, end: number, step: 1 | -1): boolean {
  for (let i = start + 1; i < end; i++) if ((indices[i] as number) !== (indices[i - 1] as number) + step) return false;
  return step === 1 || end - start > 1;
}

function mirrorRows(data: TypedArray, at: number, rows: number, width: number): void {
  if (data instanceof Uint8Array && width % 8 === 0 && (data.byteOffset + at) % 4 === 0) {
    // Four bytes at a time: words change places, and their bytes too.
    const words = new Uint32Array(data.buffer, data.byteOffset + at, (rows * width) / 4);
    const wordsPerRow = width / 4;
    for (let start = 0; start < words.length; start += wordsPerRow) {
      for (let i = start, j = start + wordsPerRow - 1; i < j; i++, j--) {
        const a = words[i] as number;
        const b = words[j] as number;
        words[i] = (b << 24) | ((b & 0xff00) << 8) | ((b >>> 8) & 0xff00) | (b >>> 24);
        words[j] = (a << 24) | ((a & 0xff00) << 8) | ((a >>> 8) & 0xff00) | (a >>> 24);
      }
    }
    return;
  }
  for (let row = 0; row < rows; row++) data.subarray(at + row * width, at + (row + 1) * width).reverse();
}

/** First `before`, then `after`, as one placement; null if their fills cannot be told apart in one. */
export function composePlacements(before: Placement, after: Placement): Placement | null {
  const isOpen = ({ rows, columns }: Placement) => rows.includes(-1) || columns.includes(-1);
  if (before.fill !== after.fill && isOpen(before) && isOpen(after)) return null;
  const through = (first: Int32Array, second: Int32Array) => {
    const result = new Int32Array(second.length);
    for (let i = 0; i < second.length; i++)
      result[i] = (second[i] as number) < 0 ? -1 : (first[second[i] as number] as number);
    return result;
  };
  return {
    rows: through(before.rows, after.rows),
    columns: through(before.columns, after.columns),
    fill: isOpen(before) ? before.fill : after.fill,
  };
}

/** The indices from `start` on. */
export function range(start: number, count: number): Int32Array {
  const indices = new Int32Array(count);
  for (let i = 0; i < count; i++) indices[i] = start + i;
  return indices;
}

/** An image mirrored left to right. */
export function flipColumns(height: number, width: number): Placement {
  return { rows: range(0, height), columns: range(0, width).reverse(), fill: 0 };
}

/** An image upside down. */
export function flipRows(height: number, width: number): Placement {
  return { rows: range(0, height).reverse(), columns: range(0, width), fill: 0 };
}
