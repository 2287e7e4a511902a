import { drawBetween } from "../draws.js";
import { type Center, rotate } from "./affine.js";
import { angleRange, checkCenter } from "./angles.js";
import { type Pixels, PixelTransform } from "./pixels.js";
import { bool, given, list, tuple } from "./repr.js";
import { checkSampling, type SamplingOptions } from "./sampling.js";

/** How images turn, and how their pixels are found. */
export interface RandomRotationOptions extends SamplingOptions {
  /** Whether the result grows to hold all of the turned image. Default false. */
  expand?: boolean;
  /** The point that stays, `[x, y]` in pixels from the upper left corner. Default: the middle. */
  center?: Center;
}

/**
 * Turns images counter-clockwise by a random angle in degrees, drawn from `[−degrees, degrees]` or `[min, max]`.
 *
 * Options: `interpolation` ("nearest"), `expand` (false), `center` (null), `fill` (0).
 *
 * **Shapes**: `[…, C, H, W]` → the same; larger with `expand`.
 *
 * @throws UsageError for a negative number of degrees, or an option that makes no sense.
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * manualSeed(0);
 * new transforms.RandomRotation([60, 90]).forward(image).toArray(); // → [[[3, 7, 11, 15], [2, 6, 10, 14], [1, 5, 9, 13], [0, 4, 8, 12]]]
 */
export class RandomRotation extends PixelTransform {
  readonly degrees: readonly number[];
  readonly options: Required<RandomRotationOptions>;

  constructor(degrees: number | readonly number[], options: RandomRotationOptions = {}) {
    super();
    this.degrees = angleRange("RandomRotation", "degrees", degrees);
    this.options = { interpolation: "nearest", expand: false, center: null, fill: 0, ...options };
    checkSampling("RandomRotation", this.options);
    checkCenter("RandomRotation", this.options.center);
  }

  apply(pixels: Pixels): Pixels {
    const angle = drawBetween(this.degrees as [number, number]);
    return rotate("RandomRotation", pixels, angle, this.options);
  }

  override toString(): string {
    const { interpolation, expand, center, fill } = this.options;
    const middle = center === null ? "" : `, center=${tuple(center)}`;
    return `RandomRotation(degrees=${list(this.degrees)}, interpolation=${interpolation}, expand=${bool(expand)}${middle}, fill=${given(fill)})`;
  }
}
