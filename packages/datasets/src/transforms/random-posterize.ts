import { OccasionalTransform, type Probability } from "./occasional.js";
import { checkBits, type Pixels } from "./pixels.js";
import { posterize } from "./tones.js";

/**
 * Keeps only the first `bits` bits (0 to 8) of each byte with probability `p` (default 0.5); floating-point images are cut
 * down to 2^bits levels.
 *
 * **Shapes**: `[…, 1 or 3, H, W]` → the same.
 *
 * @throws UsageError when `bits` is out of range or `p` is no probability.
 * @throws ShapeError for images of other than 1 or 3 channels.
 * @example
 * const image = tensor([[[0, 50, 100, 250]]], { dtype: "uint8" });
 * new transforms.RandomPosterize(2, { p: 1 }).forward(image).toArray(); // → [[[0, 0, 64, 192]]]
 */
export class RandomPosterize extends OccasionalTransform {
  readonly bits: number;

  constructor(bits: number, p: Probability = 0.5) {
    super(p);
    this.bits = checkBits("RandomPosterize", bits);
  }

  change(pixels: Pixels): Pixels {
    return posterize(pixels, this.bits);
  }

  override toString(): string {
    return `RandomPosterize(bits=${this.bits},p=${this.p})`;
  }
}
