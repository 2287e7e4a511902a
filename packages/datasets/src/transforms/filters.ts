import { UsageError } from "@kindling/tensor";
import { paddedIndices } from "./pad.js";
import { brightest, checkColors, checkFactor, newData, type Pixels, roundHalfToEven, roundingOf } from "./pixels.js";

// What looks at the neighbours of a pixel.

/** Sizes and deviations of a Gauss filter: along the rows, then along the columns. */
export interface Blur {
  readonly kernelSize: readonly [x: number, y: number];
  readonly sigma: readonly [x: number, y: number];
}

export function gaussianBlur(caller: string, pixels: Pixels, { kernelSize, sigma }: Blur): Pixels {
  const { data, count, channels, height, width } = pixels;
  const alongX = gaussian(kernelSize[0], sigma[0]);
  const alongY = gaussian(kernelSize[1], sigma[1]);
  const columns = mirrored(caller, width, alongX.length);
  const rows = mirrored(caller, height, alongY.length);
  const isBytes = data instanceof Uint8Array;
  const result = newData(data, data.length);
  // Both directions one after the other; in float64 between them, so that only the end is rounded.
  const line = new Float64Array(columns.length);
  const between = new Float64Array(height * width);
  const sums = new Float64Array(width);
  for (let at = 0; at < count * channels * height * width; at += height * width) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < line.length; x++) line[x] = data[at + y * width + (columns[x] as number)] as number;
      for (let x = 0; x < width; x++) {
        let sum = 0;
        for (let k = 0; k < alongX.length; k++) sum += (alongX[k] as number) * (line[x + k] as number);
        between[y * width + x] = sum;
      }
    }
    for (let y = 0; y < height; y++) {
      sums.fill(0);
      for (let k = 0; k < alongY.length; k++) {
        const weight = alongY[k] as number;
        const from = (rows[y + k] as number) * width;
        for (let x = 0; x < width; x++) sums[x] = (sums[x] as number) + weight * (between[from + x] as number);
      }
      for (let x = 0; x < width; x++) {
        const sum = sums[x] as number;
        result[at + y * width + x] = isBytes ? roundHalfToEven(Math.fround(sum)) : sum;
      }
    }
  }
  return { ...pixels, data: result };
}

/** The weights exp(−x² / 2σ²) around the middle, adding up to 1. */
function gaussian(size: number, sigma: number): Float64Array {
  const weights = new Float64Array(size).map((_, i) => Math.exp(-0.5 * ((i - (size - 1) / 2) / sigma) ** 2));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function mirrored(caller: string, size: number, kernelSize: number): Int32Array {
  const half = Math.floor(kernelSize / 2);
  return paddedIndices(caller, size, half, half, "reflect");
}

export function adjustSharpness(pixels: Pixels, sharpnessFactor: number): Pixels {
  checkColors("adjustSharpness", pixels);
  checkFactor("adjustSharpness", "sharpnessFactor", sharpnessFactor);
  const { data, count, channels, height, width } = pixels;
  if (height <= 2 || width <= 2) return pixels;
  const round = roundingOf(data);
  const most = brightest(data);
  const isBytes = data instanceof Uint8Array;
  const share = round(sharpnessFactor);
  const rest = round(1 - sharpnessFactor);
  const result = newData(data, data.length);
  const at = (i: number) => data[i] as number;
  for (let i = 0; i < count * channels * height * width; i++) {
    const x = i % width;
    const y = Math.floor(i / width) % height;
    const value = at(i);
    let smooth = value; // the border stays as it is
    if (x > 0 && y > 0 && x < width - 1 && y < height - 1) {
      const above = at(i - width - 1) + at(i - width) + at(i - width + 1);
      const below = at(i + width - 1) + at(i + width) + at(i + width + 1);
      smooth = (above + below + at(i - 1) + at(i + 1) + 5 * value) / 13;
      smooth = isBytes ? Math.round(smooth) : round(smooth);
    }
    const mixed = round(round(share * value) + round(rest * smooth));
    result[i] = Math.min(Math.max(mixed, 0), most);
  }
  return { ...pixels, data: result };
}

/** Checks and completes what `gaussianBlur` and `GaussianBlur` take for the size of the kernel. */
export function kernelPair(caller: string, kernelSize: number | readonly number[]): readonly [x: number, y: number] {
  const list = typeof kernelSize === "number" ? [kernelSize, kernelSize] : kernelSize;
  const [x = Number.NaN, y = x] = list;
  if (list.length > 2 || ![x, y].every((size) => Number.isInteger(size) && size > 0 && size % 2 === 1)) {
    throw new UsageError(
      `${caller}: expected an odd positive kernelSize or a pair of such, got ${JSON.stringify(kernelSize)}`,
    );
  }
  return [x, y];
}

/** Checks and completes standard deviations: one for both directions, or a pair, which may have to rise. */
export function sigmaPair(
  caller: string,
  sigma: number | readonly number[],
  isRange = false,
): readonly [number, number] {
  const list = typeof sigma === "number" ? [sigma] : sigma;
  const [a = Number.NaN, b = a] = list;
  if (list.length > 2 || !(a > 0 && b > 0 && Number.isFinite(a + b)) || (isRange && a > b)) {
    throw new UsageError(
      `${caller}: expected sigma to be a positive number or ${isRange ? "[min, max]" : "a pair"} of such, got ${JSON.stringify(sigma)}`,
    );
  }
  return [a, b];
}
