import { OccasionalTransform, type Probability } from "./occasional.js";
import { checkNumber, type Pixels } from "./pixels.js";
import { solarize } from "./tones.js";

/**
 * Inverts all values of at least `threshold` with probability `p` (default 0.5). The threshold is one of the images:
 * up to 255 for bytes, up to 1 for floating-point images.
 *
 * **Shapes**: `[…, 1 or 3, H, W]` → the same.
 *
 * @throws UsageError when `threshold` is out of range or `p` is no probability.
 * @throws ShapeError for images of other than 1 or 3 channels.
 * @example
 * const image = tensor([[[0, 50, 100, 250]]], { dtype: "uint8" });
 * new transforms.RandomSolarize(100, { p: 1 }).forward(image).toArray(); // → [[[0, 50, 155, 5]]]
 */
export class RandomSolarize extends OccasionalTransform {
  readonly threshold: number;

  constructor(threshold: number, p: Probability = 0.5) {
    super(p);
    this.threshold = checkNumber("RandomSolarize", "threshold", threshold);
  }

  change(pixels: Pixels): Pixels {
    return solarize(pixels, this.threshold);
  }

  override toString(): string {
    return `RandomSolarize(threshold=${this.threshold},p=${this.p})`;
  }
}
