import { drawFloat } from "../draws.js";
import { type Probability, probabilityOf } from "./occasional.js";
import { flipColumns, type Placement, PlacementTransform } from "./placement.js";

/**
 * Mirrors an image left to right with probability `p` (default 0.5), with PyTorch's draw.
 *
 * **Shapes**: `[C, H, W]` → the same.
 *
 * @example
 * const image = tensor([[[0, 50, 100, 250]]], { dtype: "uint8" });
 * manualSeed(0);
 * new transforms.RandomHorizontalFlip().forward(image).toArray(); // → [[[250, 100, 50, 0]]]
 */
export class RandomHorizontalFlip extends PlacementTransform {
  readonly p: number;

  constructor(p: Probability = 0.5) {
    super();
    this.p = probabilityOf("RandomHorizontalFlip", p);
  }

  place(height: number, width: number): Placement | null {
    return drawFloat() < this.p ? flipColumns(height, width) : null;
  }

  override toString(): string {
    return `RandomHorizontalFlip(p=${this.p})`;
  }
}
