import { UsageError } from "@kindling/tensor";
import { drawBetween, drawInteger } from "../draws.js";
import { cropWindow } from "./crop.js";
import { type Pixels, PixelTransform, roundHalfToEven, sizePair } from "./pixels.js";
import { placed } from "./placement.js";
import { bool, tuple } from "./repr.js";
import { checkMode, type ResamplingOptions, resizePixels } from "./resize.js";

type Range = readonly [min: number, max: number];

/** Which windows are drawn, and how they are scaled. */
export interface RandomResizedCropOptions extends ResamplingOptions {
  /** Range of the window's area, as a part of the image's. Default [0.08, 1]. */
  scale?: Range;
  /** Range of the window's width over its height. Default [3/4, 4/3]. */
  ratio?: Range;
}

/**
 * Cuts a window of random area and shape out of images and scales it to `size`, with PyTorch's draws: area and ratio,
 * up to ten times until the window fits, then top and left. A window that never fits gives the middle.
 *
 * Options: `scale` ([0.08, 1]), `ratio` ([3/4, 4/3]), `interpolation` ("bilinear"), `antialias` (true).
 *
 * **Shapes**: `[…, C, H, W]` → `[…, C, height, width]`.
 *
 * @throws UsageError for a size that is not positive, or ranges that are reversed or not positive.
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * manualSeed(0);
 * new transforms.RandomResizedCrop(2, { scale: [0.2, 1] }).forward(image).toArray(); // → [[[6, 7], [11, 12]]]
 */
export class RandomResizedCrop extends PixelTransform {
  readonly size: readonly [height: number, width: number];
  readonly scale: Range;
  readonly ratio: Range;
  readonly resampling: Required<ResamplingOptions>;

  constructor(size: number | readonly number[], options: RandomResizedCropOptions = {}) {
    super();
    const { scale = [0.08, 1], ratio = [3 / 4, 4 / 3], interpolation = "bilinear", antialias = true } = options;
    this.size = sizePair("RandomResizedCrop", size);
    this.scale = checkRange("RandomResizedCrop", "scale", scale, 0);
    this.ratio = checkRange("RandomResizedCrop", "ratio", ratio);
    this.resampling = { interpolation, antialias };
    checkMode("RandomResizedCrop", interpolation);
  }

  apply(pixels: Pixels): Pixels {
    const [top, left, height, width] = this.#window(pixels.height, pixels.width);
    const window = placed(pixels, cropWindow(pixels, top, left, height, width));
    return resizePixels(window, this.size[0], this.size[1], this.resampling);
  }

  #window(height: number, width: number): [top: number, left: number, height: number, width: number] {
    const [least, most] = this.ratio;
    for (let attempt = 0; attempt < 10; attempt++) {
      const area = height * width * drawBetween(this.scale);
      const ratio = drawRatio(this.ratio);
      const w = roundHalfToEven(Math.sqrt(area * ratio));
      const h = roundHalfToEven(Math.sqrt(area / ratio));
      if (w > 0 && w <= width && h > 0 && h <= height) {
        const top = drawInteger(height - h + 1);
        return [top, drawInteger(width - w + 1), h, w];
      }
    }
    const shape = width / height;
    const h = shape < least ? roundHalfToEven(width / least) : height;
    const w = shape > most ? roundHalfToEven(height * most) : width;
    return [Math.floor((height - h) / 2), Math.floor((width - w) / 2), h, w];
  }

  override toString(): string {
    const places = (range: Range) => tuple(range.map((value) => Math.round(value * 1e4) / 1e4));
    const { interpolation, antialias } = this.resampling;
    return `RandomResizedCrop(size=(${this.size.join(", ")}), scale=${places(this.scale)}, ratio=${places(this.ratio)}, interpolation=${interpolation}, antialias=${bool(antialias)})`;
  }
}

/** A ratio whose logarithm is uniform, so that 1/2 and 2 are equally likely. */
export function drawRatio([least, most]: Range): number {
  return Math.fround(Math.exp(drawBetween([Math.log(Math.fround(least)), Math.log(Math.fround(most))])));
}

export function checkRange(caller: string, name: string, range: Range, lowest = Number.MIN_VALUE): Range {
  const [min = Number.NaN, max = Number.NaN] = range;
  if (range.length !== 2 || !(min >= lowest && min <= max && max > 0 && Number.isFinite(max))) {
    const rule = lowest === 0 ? "at least 0" : "greater than 0";
    throw new UsageError(
      `${caller}: expected ${name} to be [min, max], ${rule} and min at most max, got ${JSON.stringify(range)}`,
    );
  }
  return range;
}
