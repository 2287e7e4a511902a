import { ShapeError } from "@kindling/tensor";
import { drawInteger } from "../draws.js";
import { checkPaddingMode, type Padding, type PaddingMode, paddedIndices, paddingSides } from "./pad.js";
import { type Pixels, PixelTransform, rearrange, sizePair } from "./pixels.js";

export interface RandomCropOptions {
  /** Border added before cropping. Default: none. */
  padding?: Padding;
  /** Whether images smaller than the crop are padded up to it. Default false. */
  padIfNeeded?: boolean;
  /** Value of the border, or one per channel. Default 0. */
  fill?: number | readonly number[];
  /** Default "constant". */
  paddingMode?: PaddingMode;
}

/**
 * Cuts a window out of an image at a random place, with PyTorch's draws: none if the image has that size already,
 * else the top, then the left edge.
 *
 * **Shapes**: `[C, H, W]` → `[C, height, width]`.
 *
 * @throws ShapeError when the image with its border is smaller than the crop.
 * @example new transforms.RandomCrop(32, { padding: 4 }).forward(image);
 */
export class RandomCrop extends PixelTransform {
  readonly size: readonly [height: number, width: number];
  readonly padding: Padding | null;
  readonly padIfNeeded: boolean;
  readonly fill: number | readonly number[];
  readonly paddingMode: PaddingMode;
  readonly #sides: readonly [number, number, number, number];

  constructor(size: number | readonly number[], options: RandomCropOptions = {}) {
    super();
    this.size = sizePair("RandomCrop", size);
    this.padding = options.padding ?? null;
    this.padIfNeeded = options.padIfNeeded ?? false;
    this.fill = options.fill ?? 0;
    this.paddingMode = checkPaddingMode("RandomCrop", options.paddingMode ?? "constant");
    this.#sides = paddingSides("RandomCrop", this.padding ?? 0);
  }

  apply(pixels: Pixels): Pixels {
    const [height, width] = this.size;
    const [left, top, right, bottom] = this.#sides;
    const columns = this.#axis(pixels.width, left, right, width);
    const rows = this.#axis(pixels.height, top, bottom, height);
    if (rows.length === height && columns.length === width && pixels.height === height && pixels.width === width)
      return pixels;
    if (rows.length < height || columns.length < width) {
      throw new ShapeError(
        `RandomCrop: expected an image of at least [${height}, ${width}], got [${rows.length}, ${columns.length}]; set padding or padIfNeeded`,
      );
    }
    const isWhole = rows.length === height && columns.length === width;
    const y = isWhole ? 0 : drawInteger(rows.length - height + 1);
    const x = isWhole ? 0 : drawInteger(columns.length - width + 1);
    return rearrange(pixels, rows.subarray(y, y + height), columns.subarray(x, x + width), this.fill);
  }

  #axis(size: number, before: number, after: number, wanted: number): Int32Array {
    const padded = size + before + after;
    const missing = this.padIfNeeded && padded < wanted ? wanted - padded : 0;
    return paddedIndices("RandomCrop", size, before + missing, after + missing, this.paddingMode);
  }

  override toString(): string {
    return `RandomCrop(size=(${this.size.join(", ")}), padding=${this.padding ?? "None"})`;
  }
}
