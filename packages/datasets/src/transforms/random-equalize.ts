import { OccasionalTransform, type Probability } from "./occasional.js";
import type { Pixels } from "./pixels.js";
import { equalize } from "./tones.js";

/**
 * Equalizes the histogram of each channel with probability `p` (default 0.5), so that all values are about equally
 * frequent. Floating-point images are rounded to the 256 levels of bytes first.
 *
 * **Shapes**: `[…, 1 or 3, H, W]` → the same.
 *
 * @throws UsageError when `p` is no probability.
 * @throws ShapeError for images of other than 1 or 3 channels.
 * @example
 * const image = arange(1024).remainder(4).to("uint8").reshape([1, 32, 32]);
 * [...new Set(new transforms.RandomEqualize({ p: 1 }).forward(image).toTypedArray())]; // → [0, 85, 171, 255]
 */
export class RandomEqualize extends OccasionalTransform {
  constructor(p: Probability = 0.5) {
    super(p);
  }

  change(pixels: Pixels): Pixels {
    return equalize(pixels);
  }

  override toString(): string {
    return `RandomEqualize(p=${this.p})`;
  }
}
