import { drawInteger } from "../draws.js";
import { drawAugmentation, type Ranges, randomAugmentations } from "./augmentation.js";
import { checkCount, type Pixels, PixelTransform } from "./pixels.js";
import { given } from "./repr.js";
import { checkSampling, type SamplingOptions } from "./sampling.js";

/** How many strengths there are, and how pixels are found. */
export interface TrivialAugmentWideOptions extends SamplingOptions {
  /** How many strengths there are to draw from. Default 31. */
  numMagnitudeBins?: number;
}

const ranges: Ranges = {
  shear: 0.99,
  translateX: 32,
  translateY: 32,
  rotate: 135,
  enhance: 0.99,
  posterize: [8, 6],
};

/**
 * One random augmentation of random strength and direction, out of 14 with wide ranges, with PyTorch's draws. Made for
 * bytes; floating-point images from 0 to 1 are taken too.
 *
 * Options: `numMagnitudeBins` (31), `interpolation` ("nearest"), `fill` (null).
 *
 * **Shapes**: `[…, 1 or 3, H, W]` → the same.
 *
 * @throws UsageError unless numMagnitudeBins is a whole number of at least 2.
 * @throws ShapeError for images of other than 1 or 3 channels.
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * manualSeed(7);
 * new transforms.TrivialAugmentWide().forward(image).toArray(); // → [[[0, 4, 1, 0], [8, 9, 6, 2], [13, 10, 10, 7], [0, 14, 11, 0]]]
 * @source "TrivialAugment", https://arxiv.org/abs/2103.10158
 */
export class TrivialAugmentWide extends PixelTransform {
  readonly numMagnitudeBins: number;
  readonly sampling: Required<SamplingOptions>;

  constructor(options: TrivialAugmentWideOptions = {}) {
    super();
    const { numMagnitudeBins = 31, interpolation = "nearest", fill = null } = options;
    this.numMagnitudeBins = checkCount("TrivialAugmentWide", "numMagnitudeBins", numMagnitudeBins, 2);
    this.sampling = { interpolation, fill };
    checkSampling("TrivialAugmentWide", this.sampling);
  }

  apply(pixels: Pixels): Pixels {
    const bins = this.numMagnitudeBins;
    const choice = { names: randomAugmentations, bins, level: () => drawInteger(bins), ranges };
    return drawAugmentation("TrivialAugmentWide", pixels, choice, this.sampling);
  }

  override toString(): string {
    const { interpolation, fill } = this.sampling;
    const mode = `InterpolationMode.${interpolation.toUpperCase()}`;
    return `TrivialAugmentWide(num_magnitude_bins=${this.numMagnitudeBins}, interpolation=${mode}, fill=${given(fill)})`;
  }
}
