import { OccasionalTransform, type Probability } from "./occasional.js";
import type { Pixels } from "./pixels.js";
import { autocontrast } from "./tones.js";

/**
 * Stretches each channel from black to white with probability `p` (default 0.5): its darkest value becomes 0, its
 * brightest 255 (1 for floating-point images). A channel of one value stays.
 *
 * **Shapes**: `[…, 1 or 3, H, W]` → the same.
 *
 * @throws UsageError when `p` is no probability.
 * @throws ShapeError for images of other than 1 or 3 channels.
 * @example
 * const image = tensor([[[50, 60, 70]]], { dtype: "uint8" });
 * new transforms.RandomAutocontrast({ p: 1 }).forward(image).toArray(); // → [[[0, 127, 255]]]
 */
export class RandomAutocontrast extends OccasionalTransform {
  constructor(p: Probability = 0.5) {
    super(p);
  }

  change(pixels: Pixels): Pixels {
    return autocontrast(pixels);
  }

  override toString(): string {
    return `RandomAutocontrast(p=${this.p})`;
  }
}
