import { adjustSharpness } from "./filters.js";
import { OccasionalTransform, type Probability } from "./occasional.js";
import { checkFactor, type Pixels } from "./pixels.js";

/**
 * Changes the sharpness with probability `p` (default 0.5): a factor of 0 smooths the image, 1 keeps it, 2 sharpens it.
 *
 * **Shapes**: `[…, 1 or 3, H, W]` → the same.
 *
 * @throws UsageError when `sharpnessFactor` is out of range or `p` is no probability.
 * @throws ShapeError for images of other than 1 or 3 channels.
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * new transforms.RandomAdjustSharpness(0, { p: 1 }).forward(image).toArray(); // → [[[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11], [12, 13, 14, 15]]]
 */
export class RandomAdjustSharpness extends OccasionalTransform {
  readonly sharpnessFactor: number;

  constructor(sharpnessFactor: number, p: Probability = 0.5) {
    super(p);
    this.sharpnessFactor = checkFactor("RandomAdjustSharpness", "sharpnessFactor", sharpnessFactor);
  }

  change(pixels: Pixels): Pixels {
    return adjustSharpness(pixels, this.sharpnessFactor);
  }

  override toString(): string {
    return `RandomAdjustSharpness(sharpness_factor=${this.sharpnessFactor},p=${this.p})`;
  }
}
