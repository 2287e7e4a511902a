import { drawFloat } from "../draws.js";
import { type Probability, probabilityOf } from "./occasional.js";
import { flipRows, type Placement, PlacementTransform } from "./placement.js";

/**
 * Turns an image upside down with probability `p` (default 0.5), with PyTorch's draw.
 *
 * **Shapes**: `[C, H, W]` → the same.
 *
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * new transforms.RandomVerticalFlip(1).forward(image).toArray(); // → [[[12, 13, 14, 15], [8, 9, 10, 11], [4, 5, 6, 7], [0, 1, 2, 3]]]
 */
export class RandomVerticalFlip extends PlacementTransform {
  readonly p: number;

  constructor(p: Probability = 0.5) {
    super();
    this.p = probabilityOf("RandomVerticalFlip", p);
  }

  place(height: number, width: number): Placement | null {
    return drawFloat() < this.p ? flipRows(height, width) : null;
  }

  override toString(): string {
    return `RandomVerticalFlip(p=${this.p})`;
  }
}
