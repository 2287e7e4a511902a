import { type TypedArray, UsageError } from "@kindling/tensor";
import { newData, type Pixels, roundHalfToEven, roundingOf } from "./pixels.js";

/** How values between pixels are found when an image is turned or bent. */
export type SamplingMode = "nearest" | "bilinear";

/** What stands outside the image: one value, or one per channel; null is zero, which fades in where edges are cut. */
export type Fill = number | readonly number[] | null;

/** How pixels are found when images are turned or bent. */
export interface SamplingOptions {
  /** The nearest pixel or a mixture of four. */
  interpolation?: SamplingMode;
  /** Value outside the image, or one per channel. */
  fill?: Fill;
}

/** For each new pixel, where it lies in the old image, from −1 (left, upper edge) to 1 (right, lower edge). */
export interface Grid {
  readonly height: number;
  readonly width: number;
  readonly x: TypedArray;
  readonly y: TypedArray;
}

export function checkSampling(caller: string, { interpolation, fill }: Required<SamplingOptions>): void {
  if (interpolation !== "nearest" && interpolation !== "bilinear") {
    throw new UsageError(
      `${caller}: expected interpolation "nearest" or "bilinear", got ${JSON.stringify(interpolation)}`,
    );
  }
  const values = typeof fill === "number" ? [fill] : (fill ?? [0]);
  if (values.length === 0 || !values.every(Number.isFinite)) {
    throw new UsageError(`${caller}: expected fill to be a number, one number per channel or null, got ${fill}`);
  }
}

/** An empty grid, as exact as the images are. */
export function newGrid(data: TypedArray, height: number, width: number): Grid {
  const Coordinates = data instanceof Float64Array ? Float64Array : Float32Array;
  return { height, width, x: new Coordinates(height * width), y: new Coordinates(height * width) };
}

/** The images as the grid sees them. */
export function samplePixels(caller: string, pixels: Pixels, grid: Grid, options: Required<SamplingOptions>): Pixels {
  checkSampling(caller, options);
  const { channels } = pixels;
  const fill = options.fill;
  if (fill !== null && typeof fill !== "number" && fill.length !== 1 && fill.length !== channels) {
    throw new UsageError(`${caller}: expected one fill value or one per channel (${channels}), got ${fill.length}`);
  }
  const fillOf = (plane: number): number | null => {
    if (fill === null || typeof fill === "number") return fill;
    return (fill.length === 1 ? fill[0] : fill[plane % channels]) as number;
  };
  const data = options.interpolation === "nearest" ? nearest(pixels, grid, fillOf) : bilinear(pixels, grid, fillOf);
  return { ...pixels, data, height: grid.height, width: grid.width };
}

function nearest(
  { data, count, channels, height, width }: Pixels,
  grid: Grid,
  fillOf: (plane: number) => number | null,
) {
  const { size, columnOf, rowOf } = positionsOf(data, grid, width, height);
  const source = new Int32Array(size);
  for (let i = 0; i < size; i++) {
    const column = roundHalfToEven(columnOf(i));
    const row = roundHalfToEven(rowOf(i));
    source[i] = column >= 0 && column < width && row >= 0 && row < height ? row * width + column : -1;
  }
  const result = newData(data, count * channels * size);
  for (let plane = 0; plane < count * channels; plane++) {
    const background = fillOf(plane) ?? 0;
    const from = plane * height * width;
    const to = plane * size;
    for (let i = 0; i < size; i++) {
      const at = source[i] as number;
      result[to + i] = at < 0 ? background : (data[from + at] as number);
    }
  }
  return result;
}

function bilinear(
  { data, count, channels, height, width }: Pixels,
  grid: Grid,
  fillOf: (plane: number) => number | null,
) {
  const round = roundingOf(data);
  const { size, columnOf, rowOf } = positionsOf(data, grid, width, height);
  // The four neighbours of each new pixel: where the first is, and their weights, 0 beyond the edge.
  const sources = new Int32Array(4 * size);
  const weights = new Float64Array(4 * size);
  const covered = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const column = columnOf(i);
    const row = rowOf(i);
    const left = Math.floor(column);
    const top = Math.floor(row);
    const right = round(column - left);
    const bottom = round(row - top);
    for (let k = 0; k < 4; k++) {
      const x = left + (k & 1);
      const y = top + (k >> 1);
      if (!(x >= 0 && x < width && y >= 0 && y < height)) continue;
      const weight = round((k & 1 ? right : round(1 - right)) * (k >> 1 ? bottom : round(1 - bottom)));
      sources[4 * i + k] = y * width + x;
      weights[4 * i + k] = weight;
      covered[i] = round((covered[i] as number) + weight);
    }
  }
  const isBytes = data instanceof Uint8Array;
  const result = newData(data, count * channels * size);
  for (let plane = 0; plane < count * channels; plane++) {
    const background = fillOf(plane);
    const from = plane * height * width;
    const to = plane * size;
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let k = 4 * i; k < 4 * i + 4; k++) {
        sum = round(sum + round((data[from + (sources[k] as number)] as number) * (weights[k] as number)));
      }
      if (background !== null) {
        const share = covered[i] as number;
        sum = round(round(sum * share) + round(round(1 - share) * round(background)));
      }
      result[to + i] = isBytes ? roundHalfToEven(sum) : sum;
    }
  }
  return result;
}

/** Columns and rows, fractions included, that a grid asks for: the middle of the first pixel is at 0. */
function positionsOf(data: TypedArray, { x, y }: Grid, width: number, height: number) {
  const round = roundingOf(data);
  return {
    size: x.length,
    columnOf: (i: number) => round(round(round((x[i] as number) + 1) * (width / 2)) - 0.5),
    rowOf: (i: number) => round(round(round((y[i] as number) + 1) * (height / 2)) - 0.5),
  };
}
