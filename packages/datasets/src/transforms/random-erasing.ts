import { randn, type TypedArray, UsageError } from "@kindling/tensor";
import { drawBetween, drawInteger } from "../draws.js";
import { erase } from "./erase.js";
import { OccasionalTransform } from "./occasional.js";
import { type Pixels, roundHalfToEven } from "./pixels.js";
import { checkRange, drawRatio } from "./random-resized-crop.js";
import { tuple } from "./repr.js";

type Range = readonly [min: number, max: number];

/** What is erased, how often, and what stands there after. */
export interface RandomErasingOptions {
  /** Default 0.5. */
  p?: number;
  /** Range of the rectangle's area, as a part of the image's: within 0 and 1. Default [0.02, 0.33]. */
  scale?: Range;
  /** Range of the rectangle's height over its width. Default [0.3, 3.3]. */
  ratio?: Range;
  /** What stands there after: one value, one per channel, or "random" for normal numbers. Default 0. */
  value?: number | readonly number[] | "random";
}

/**
 * Erases a rectangle of random area, shape and place with probability `p`, with PyTorch's draws: area and ratio, up
 * to ten times until it fits, random values if asked for, then top and left. One that never fits erases nothing.
 *
 * Options: `p` (0.5), `scale` ([0.02, 0.33]), `ratio` ([0.3, 3.3]), `value` (0).
 *
 * **Shapes**: `[…, C, H, W]` → the same.
 *
 * @throws UsageError for a probability or a scale outside 0 … 1, reversed ranges, or a number of values that is
 * neither one nor the number of channels.
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * manualSeed(0);
 * new transforms.RandomErasing({ p: 1, value: 99 }).forward(image).toArray(); // → [[[0, 99, 99, 99], [4, 5, 6, 7], [8, 9, 10, 11], [12, 13, 14, 15]]]
 * @source "Random Erasing Data Augmentation", https://arxiv.org/abs/1708.04896
 */
export class RandomErasing extends OccasionalTransform {
  readonly scale: Range;
  readonly ratio: Range;
  readonly value: number | readonly number[] | "random";

  constructor(options: RandomErasingOptions = {}) {
    super(options);
    const { scale = [0.02, 0.33], ratio = [0.3, 3.3], value = 0 } = options;
    if (scale.length !== 2 || !(scale[0] >= 0 && scale[0] <= scale[1] && scale[1] <= 1)) {
      throw new UsageError(
        `RandomErasing: expected scale to be [min, max] within 0 and 1, got ${JSON.stringify(scale)}`,
      );
    }
    const isNumbers =
      typeof value === "number" ? Number.isFinite(value) : Array.isArray(value) && value.every(Number.isFinite);
    if (value !== "random" && !isNumbers) {
      throw new UsageError(
        `RandomErasing: expected value to be a number, one number per channel or "random", got ${JSON.stringify(value)}`,
      );
    }
    this.scale = scale;
    this.ratio = checkRange("RandomErasing", "ratio", ratio);
    this.value = value;
  }

  change(pixels: Pixels): Pixels {
    const { channels, height, width } = pixels;
    const { value } = this;
    if (typeof value === "object" && value.length !== 1 && value.length !== channels) {
      throw new UsageError(`RandomErasing: expected one value or one per channel (${channels}), got ${value.length}`);
    }
    for (let attempt = 0; attempt < 10; attempt++) {
      const area = height * width * drawBetween(this.scale);
      const ratio = drawRatio(this.ratio);
      const h = roundHalfToEven(Math.sqrt(area * ratio));
      const w = roundHalfToEven(Math.sqrt(area / ratio));
      if (h >= height || w >= width) continue;
      const values: TypedArray | readonly number[] =
        value === "random" ? randn([channels, h, w]).toTypedArray() : typeof value === "number" ? [value] : value;
      const top = drawInteger(height - h + 1);
      return erase("RandomErasing", pixels, top, drawInteger(width - w + 1), h, w, values);
    }
    return pixels;
  }

  override toString(): string {
    const value = typeof this.value === "object" ? `[${this.value.join(", ")}]` : this.value;
    return `RandomErasing(p=${this.p}, scale=${tuple(this.scale)}, ratio=${tuple(this.ratio)}, value=${value}, inplace=False)`;
  }
}
