import { OccasionalTransform, type Probability } from "./occasional.js";
import type { Pixels } from "./pixels.js";
import { invert } from "./tones.js";

/**
 * Makes a negative of the images with probability `p` (default 0.5): 255 − value for bytes, 1 − value else.
 *
 * **Shapes**: `[…, 1 or 3, H, W]` → the same.
 *
 * @throws UsageError when `p` is no probability.
 * @throws ShapeError for images of other than 1 or 3 channels.
 * @example
 * const image = tensor([[[0, 50, 100, 250]]], { dtype: "uint8" });
 * new transforms.RandomInvert({ p: 1 }).forward(image).toArray(); // → [[[255, 205, 155, 5]]]
 */
export class RandomInvert extends OccasionalTransform {
  constructor(p: Probability = 0.5) {
    super(p);
  }

  change(pixels: Pixels): Pixels {
    return invert(pixels);
  }

  override toString(): string {
    return `RandomInvert(p=${this.p})`;
  }
}
