import { fromArray, interpolate, UsageError } from "@kindling/tensor";
import { type Pixels, PixelTransform, sizePair } from "./pixels.js";

const modes = ["nearest", "nearest-exact", "bilinear", "bicubic"] as const;

/** How pixels are found when images are scaled. */
export interface ResamplingOptions {
  /** Default "bilinear". */
  interpolation?: (typeof modes)[number];
  /** Whether shrinking averages over all the pixels that it merges; "bilinear" and "bicubic" only. Default true. */
  antialias?: boolean;
}

/** How `Resize` finds its pixels, and how large it may become. */
export interface ResizeOptions extends ResamplingOptions {
  /** Longest edge allowed when `size` is a number. Default: none. */
  maxSize?: number;
}

/**
 * Scales images. A single number is the length of the shorter edge; the longer one follows.
 *
 * Bytes are scaled in float32 and rounded at the end, as torchvision does for tensors.
 *
 * **Shapes**: `[…, C, H, W]` → `[…, C, height, width]`.
 *
 * @throws UsageError for a size that is not positive, an unknown interpolation, or a maxSize that does not fit the size.
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * new transforms.Resize([2, 2]).forward(image).toArray(); // → [[[4, 5], [10, 11]]]
 */
export class Resize extends PixelTransform {
  readonly size: number | readonly number[];
  readonly interpolation: (typeof modes)[number];
  readonly antialias: boolean;
  readonly maxSize: number | null;

  constructor(size: number | readonly number[], options: ResizeOptions = {}) {
    super();
    const [shorter] = sizePair("Resize", size);
    const { interpolation = "bilinear", antialias = true, maxSize = null } = options;
    checkMode("Resize", interpolation);
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
    return resizePixels(pixels, height, width, this);
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

export function checkMode(caller: string, mode: (typeof modes)[number]): void {
  if (!modes.includes(mode)) {
    throw new UsageError(
      `${caller}: expected interpolation to be one of ${modes.join(", ")}, got ${JSON.stringify(mode)}`,
    );
  }
}

export function resizePixels(
  pixels: Pixels,
  height: number,
  width: number,
  { interpolation, antialias }: Required<ResamplingOptions>,
): Pixels {
  if (height === pixels.height && width === pixels.width) return pixels;
  const { data, count, channels } = pixels;
  const dtype = data instanceof Uint8Array ? "uint8" : data instanceof Float64Array ? "float64" : "float32";
  const images = fromArray(data, [count, channels, pixels.height, pixels.width], dtype);
  const isSmooth = interpolation === "bilinear" || interpolation === "bicubic";
  const resized = interpolate(dtype === "uint8" ? images.to("float32") : images, {
    size: [height, width],
    mode: interpolation,
    antialias: antialias && isSmooth,
  });
  // Bicubic curves go beyond their ends.
  const rounded = dtype === "uint8" && isSmooth ? resized.round().clamp(0, 255) : resized;
  return { data: rounded.to(dtype).toTypedArray(), count, channels, height, width };
}
