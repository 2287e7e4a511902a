import { rgbToGrayscale } from "./colors.js";
import { OccasionalTransform, type Probability } from "./occasional.js";
import type { Pixels } from "./pixels.js";

/**
 * Takes the colours out with probability `p` (default 0.1); the number of channels stays.
 *
 * **Shapes**: `[…, 1 or 3, H, W]` → the same.
 *
 * @throws UsageError when `p` is no probability.
 * @throws ShapeError for images of other than 1 or 3 channels.
 * @example
 * const image = tensor([[[200]], [[100]], [[0]]], { dtype: "uint8" });
 * new transforms.RandomGrayscale({ p: 1 }).forward(image).toArray(); // → [[[118]], [[118]], [[118]]]
 */
export class RandomGrayscale extends OccasionalTransform {
  constructor(p: Probability = 0.1) {
    super(p, 0.1);
  }

  change(pixels: Pixels): Pixels {
    return rgbToGrayscale("RandomGrayscale", pixels, pixels.channels === 1 ? 1 : 3);
  }

  override toString(): string {
    return `RandomGrayscale(p=${this.p})`;
  }
}
