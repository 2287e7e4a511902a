import { type TypedArray, UsageError } from "@kindling/tensor";
import { newData, type Pixels, PixelTransform, sizePair } from "./pixels.js";
import { placePixels } from "./placement.js";

export interface ResizeOptions {
  /** Default "bilinear". */
  interpolation?: "bilinear" | "nearest";
  /** Whether shrinking averages over all the pixels that it merges, as image programs do. Default true. */
  antialias?: boolean;
  /** Longest edge allowed when `size` is a number. Default: none. */
  maxSize?: number;
}

/**
 * Scales an image. A single number is the length of the shorter edge; the longer one follows.
 *
 * Images of bytes give the bytes that torchvision gives for PIL images: both work in fixed point with 22 bits,
 * first along the rows, then along the columns, rounding after each.
 *
 * **Shapes**: `[C, H, W]` → `[C, height, width]`.
 *
 * @example new transforms.Resize([16, 16]).forward(image);
 */
export class Resize extends PixelTransform {
  readonly size: number | readonly number[];
  readonly interpolation: "bilinear" | "nearest";
  readonly antialias: boolean;
  readonly maxSize: number | null;

  constructor(size: number | readonly number[], options: ResizeOptions = {}) {
    super();
    const [shorter] = sizePair("Resize", size);
    const { interpolation = "bilinear", antialias = true, maxSize = null } = options;
    if (interpolation !== "bilinear" && interpolation !== "nearest") {
      throw new UsageError(
        `Resize: expected interpolation "bilinear" or "nearest", got ${JSON.stringify(interpolation)}`,
      );
    }
    const isEdge = typeof size === "number" || size.length === 1;
    if (maxSize !== null && (!isEdge || !(maxSize > shorter))) {
      throw new UsageError(`Resize: maxSize needs size to be one number, and must be larger than it, got ${maxSize}`);
    }
    this.size = size;
    this.interpolation = interpolation;
    this.antialias = antialias;
    this.maxSize = maxSize;
  }

  apply(pixels: Pixels): Pixels {
    const [height, width] = this.#outputSize(pixels.height, pixels.width);
    if (height === pixels.height && width === pixels.width) return pixels;
    if (this.interpolation === "nearest") {
      const placement = { rows: nearest(pixels.height, height), columns: nearest(pixels.width, width), fill: 0 };
      const data = newData(pixels.data, pixels.channels * height * width);
      placePixels(pixels, placement, data, 0);
      return { data, channels: pixels.channels, height, width };
    }
    const wide = width === pixels.width ? pixels : resampleRows(pixels, weightsOf(pixels.width, width, this.antialias));
    return height === pixels.height ? wide : resampleColumns(wide, weightsOf(pixels.height, height, this.antialias));
  }

  #outputSize(height: number, width: number): readonly [height: number, width: number] {
    if (typeof this.size !== "number" && this.size.length !== 1) return sizePair("Resize", this.size);
    const [wanted] = sizePair("Resize", this.size);
    const short = Math.min(height, width);
    const long = Math.max(height, width);
    let newShort = wanted;
    let newLong = Math.floor((wanted * long) / short);
    if (this.maxSize !== null && newLong > this.maxSize) {
      newShort = Math.floor((this.maxSize * newShort) / newLong);
      newLong = this.maxSize;
    }
    return height <= width ? [newShort, newLong] : [newLong, newShort];
  }

  override toString(): string {
    const size = typeof this.size === "number" ? this.size : `[${this.size.join(", ")}]`;
    const antialias = this.antialias ? "True" : "False";
    return `Resize(size=${size}, interpolation=${this.interpolation}, max_size=${this.maxSize ?? "None"}, antialias=${antialias})`;
  }
}

function nearest(size: number, newSize: number): Int32Array {
  const scale = Math.fround(size / newSize);
  return Int32Array.from({ length: newSize }, (_, i) => Math.min(Math.floor(Math.fround(i * scale)), size - 1));
}

/** For each new pixel along an axis: the first old pixel it draws on, how many, and their weights. */
interface Weights {
  readonly first: Int32Array;
  readonly count: Int32Array;
  readonly weight: Float64Array;
  /** Room per new pixel in `weight`. */
  readonly stride: number;
}

/** The triangle filter of bilinear interpolation, widened by the factor of shrinking if antialiased. */
function weightsOf(size: number, newSize: number, antialias: boolean): Weights {
  const scale = size / newSize;
  const support = antialias ? Math.max(scale, 1) : 1;
  const stride = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(newSize);
  const count = new Int32Array(newSize);
  const weight = new Float64Array(newSize * stride);
  for (let i = 0; i < newSize; i++) {
    // Without antialiasing, positions beyond the first pixel's middle count as its middle, as in PyTorch.
    const center = antialias ? (i + 0.5) * scale : Math.max((i + 0.5) * scale, 0.5);
    const low = Math.max(Math.trunc(center - support + 0.5), 0);
    const high = Math.min(Math.trunc(center + support + 0.5), size);
    let sum = 0;
    for (let j = low; j < high; j++) {
      const value = Math.max(1 - Math.abs((j - center + 0.5) / support), 0);
      weight[i * stride + j - low] = value;
      sum += value;
    }
    for (let k = 0; k < high - low; k++) weight[i * stride + k] = (weight[i * stride + k] as number) / sum;
    first[i] = low;
    count[i] = high - low;
  }
  return { first, count, weight, stride };
}

const fixedPoint = 2 ** 22;

function resampleRows({ data, channels, height, width }: Pixels, weights: Weights): Pixels {
  const newWidth = weights.first.length;
  const lines = channels * height;
  const result = newData(data, lines * newWidth);
  const mix = mixer(data, weights);
  for (let line = 0; line < lines; line++) {
    for (let x = 0; x < newWidth; x++) result[line * newWidth + x] = mix(line * width, 1, x);
  }
  return { data: result, channels, height, width: newWidth };
}

function resampleColumns({ data, channels, height, width }: Pixels, weights: Weights): Pixels {
  const newHeight = weights.first.length;
  const result = newData(data, channels * newHeight * width);
  const mix = mixer(data, weights);
  let at = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (let y = 0; y < newHeight; y++) {
      for (let x = 0; x < width; x++) result[at++] = mix(channel * height * width + x, width, y);
    }
  }
  return { data: result, channels, height: newHeight, width };
}

/** Weighted sums of old pixels; in fixed point, rounded and clamped, for bytes. */
function mixer(data: TypedArray, weights: Weights): (start: number, step: number, index: number) => number {
  const { first, count, stride } = weights;
  const isBytes = data instanceof Uint8Array;
  const weight = isBytes ? weights.weight.map((value) => Math.floor(value * fixedPoint + 0.5)) : weights.weight;
  return (start, step, index) => {
    let at = start + (first[index] as number) * step;
    let sum = 0;
    const base = index * stride;
    for (let k = 0; k < (count[index] as number); k++) {
      sum += (data[at] as number) * (weight[base + k] as number);
      at += step;
    }
    return isBytes ? Math.min(Math.max(Math.floor(sum / fixedPoint + 0.5), 0), 255) : sum;
  };
}
