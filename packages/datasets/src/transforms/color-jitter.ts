import { randperm, UsageError } from "@kindling/tensor";
import { drawBetween } from "../draws.js";
import { adjustHue, adjustSaturation } from "./colors.js";
import { type Pixels, PixelTransform } from "./pixels.js";
import { tuple } from "./repr.js";
import { adjustBrightness, adjustContrast } from "./tones.js";

/** How far an adjustment may go from 1 (hue: from 0), or the range `[min, max]` to draw from. */
export type Jitter = number | readonly [min: number, max: number];

/** What may change, and how far. */
export interface ColorJitterOptions {
  /** Range of factors, at least 0. Default 0: no change. */
  brightness?: Jitter;
  /** Range of factors, at least 0. Default 0: no change. */
  contrast?: Jitter;
  /** Range of factors, at least 0. Default 0: no change. */
  saturation?: Jitter;
  /** Range of turns of the circle of colours, within −0.5 and 0.5. Default 0: no change. */
  hue?: Jitter;
}

type Range = readonly [min: number, max: number];

const adjustments = [adjustBrightness, adjustContrast, adjustSaturation, adjustHue] as const;

/**
 * Changes brightness, contrast, saturation and hue by random factors in random order, with PyTorch's draws: the order,
 * then a factor for each of the four that may change. Takes options, or the four jitters one after the other.
 *
 * **Shapes**: `[…, 1 or 3, H, W]` → the same.
 *
 * @throws UsageError for a negative jitter, or a range that is reversed or goes beyond what the adjustment takes.
 * @throws ShapeError for images of other than 1 or 3 channels.
 * @example
 * const image = tensor([[[200]], [[100]], [[0]]], { dtype: "uint8" });
 * manualSeed(0);
 * new transforms.ColorJitter({ brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 }).forward(image).toArray(); // → [[[137]], [[68]], [[4]]]
 */
export class ColorJitter extends PixelTransform {
  readonly brightness: Range | null;
  readonly contrast: Range | null;
  readonly saturation: Range | null;
  readonly hue: Range | null;

  constructor(options?: ColorJitterOptions);
  constructor(brightness: Jitter, contrast?: Jitter, saturation?: Jitter, hue?: Jitter);
  constructor(first: ColorJitterOptions | Jitter = {}, contrast?: Jitter, saturation?: Jitter, hue?: Jitter) {
    super();
    const isJitter = (value: ColorJitterOptions | Jitter) => typeof value !== "object" || Array.isArray(value);
    const options = (isJitter(first) ? { brightness: first, contrast, saturation, hue } : first) as ColorJitterOptions;
    this.brightness = rangeOf("brightness", options.brightness);
    this.contrast = rangeOf("contrast", options.contrast);
    this.saturation = rangeOf("saturation", options.saturation);
    this.hue = rangeOf("hue", options.hue, 0, [-0.5, 0.5]);
  }

  apply(pixels: Pixels): Pixels {
    const order = randperm(4).toTypedArray();
    const factors = [this.brightness, this.contrast, this.saturation, this.hue].map((range) =>
      range === null ? null : drawBetween(range),
    );
    let result = pixels;
    for (const which of order) {
      const factor = factors[which];
      const adjust = adjustments[which];
      if (factor !== null && factor !== undefined && adjust !== undefined) result = adjust(result, factor);
    }
    return result;
  }

  override toString(): string {
    const { brightness, contrast, saturation, hue } = this;
    const ranges = Object.entries({ brightness, contrast, saturation, hue });
    return `ColorJitter(${ranges.map(([name, range]) => `${name}=${range === null ? "None" : tuple(range)}`).join(", ")})`;
  }
}

/** The range to draw from, or null if there is nothing to change. */
function rangeOf(
  name: string,
  jitter: Jitter = 0,
  center = 1,
  [lowest, highest]: Range = [0, Number.POSITIVE_INFINITY],
): Range | null {
  const isNumber = typeof jitter === "number";
  const [min = Number.NaN, max = Number.NaN] = isNumber
    ? [center === 1 ? Math.max(center - jitter, 0) : center - jitter, center + jitter]
    : jitter;
  if (
    (isNumber && jitter < 0) ||
    (!isNumber && jitter.length !== 2) ||
    !(lowest <= min && min <= max && max <= highest)
  ) {
    throw new UsageError(
      `ColorJitter: expected ${name} to be a number of at least 0 or [min, max], within ${lowest} and ${highest}, got ${JSON.stringify(jitter)}`,
    );
  }
  return min === center && max === center ? null : [min, max];
}
