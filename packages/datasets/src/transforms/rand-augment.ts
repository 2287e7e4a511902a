import { UsageError } from "@kindling/tensor";
import { drawAugmentation, randomAugmentations, usualRanges } from "./augmentation.js";
import { checkCount, type Pixels, PixelTransform } from "./pixels.js";
import { given } from "./repr.js";
import { checkSampling, type SamplingOptions } from "./sampling.js";

/** How many augmentations are done, how strong they are, and how pixels are found. */
export interface RandAugmentOptions extends SamplingOptions {
  /** Augmentations one after the other. Default 2. */
  numOps?: number;
  /** Strength of all of them: 0 to numMagnitudeBins − 1. Default 9. */
  magnitude?: number;
  /** How many strengths there are. Default 31. */
  numMagnitudeBins?: number;
}

/**
 * Random augmentations of one strength: `numOps` times one of 14 (shears, moves, turns, colours, sharpness, …), whose
 * direction is random, with PyTorch's draws. Made for bytes; floating-point images from 0 to 1 are taken too.
 *
 * Options: `numOps` (2), `magnitude` (9), `numMagnitudeBins` (31), `interpolation` ("nearest"), `fill` (null).
 *
 * **Shapes**: `[…, 1 or 3, H, W]` → the same.
 *
 * @throws UsageError for numbers that are not whole, or a magnitude that is not below numMagnitudeBins.
 * @throws ShapeError for images of other than 1 or 3 channels.
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * manualSeed(3);
 * new transforms.RandAugment({ numOps: 2, magnitude: 9 }).forward(image).toArray(); // → [[[0, 16, 34, 50], [68, 84, 102, 118], [136, 152, 170, 186], [204, 220, 238, 254]]]
 * @source "RandAugment", https://arxiv.org/abs/1909.13719
 */
export class RandAugment extends PixelTransform {
  readonly numOps: number;
  readonly magnitude: number;
  readonly numMagnitudeBins: number;
  readonly sampling: Required<SamplingOptions>;

  constructor(options: RandAugmentOptions = {}) {
    super();
    const { numOps = 2, magnitude = 9, numMagnitudeBins = 31, interpolation = "nearest", fill = null } = options;
    this.numOps = checkCount("RandAugment", "numOps", numOps, 0);
    this.numMagnitudeBins = checkCount("RandAugment", "numMagnitudeBins", numMagnitudeBins, 2);
    this.magnitude = checkCount("RandAugment", "magnitude", magnitude, 0);
    this.sampling = { interpolation, fill };
    if (magnitude >= numMagnitudeBins) {
      throw new UsageError(
        `RandAugment: expected magnitude to be below numMagnitudeBins (${numMagnitudeBins}), got ${magnitude}`,
      );
    }
    checkSampling("RandAugment", this.sampling);
  }

  apply(pixels: Pixels): Pixels {
    const choice = {
      names: randomAugmentations,
      bins: this.numMagnitudeBins,
      level: () => this.magnitude,
      ranges: usualRanges(pixels),
    };
    let result = pixels;
    for (let i = 0; i < this.numOps; i++) result = drawAugmentation("RandAugment", result, choice, this.sampling);
    return result;
  }

  override toString(): string {
    const { interpolation, fill } = this.sampling;
    const mode = `InterpolationMode.${interpolation.toUpperCase()}`;
    return `RandAugment(num_ops=${this.numOps}, magnitude=${this.magnitude}, num_magnitude_bins=${this.numMagnitudeBins}, interpolation=${mode}, fill=${given(fill)})`;
  }
}
