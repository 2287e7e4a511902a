import { drawFloat } from "../draws.js";
import { flipRows, type Pixels, PixelTransform } from "./pixels.js";
import { checkProbability } from "./random-horizontal-flip.js";

/**
 * Turns an image upside down with probability `p` (default 0.5), with PyTorch's draw.
 *
 * **Shapes**: `[C, H, W]` → the same.
 *
 * @example new transforms.RandomVerticalFlip(0.2).forward(image);
 */
export class RandomVerticalFlip extends PixelTransform {
  readonly p: number;

  constructor(p = 0.5) {
    super();
    this.p = checkProbability("RandomVerticalFlip", p);
  }

  apply(pixels: Pixels): Pixels {
    return drawFloat() < this.p ? flipRows(pixels) : pixels;
  }

  override toString(): string {
    return `RandomVerticalFlip(p=${this.p})`;
  }
}
