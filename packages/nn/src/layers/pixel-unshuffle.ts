import { pixelUnshuffle, type Tensor } from "@kindling/tensor";
import { Module } from "../module.js";

/**
 * Gathers the pixels of each block of r × r into channels, where r is `downscaleFactor`. See `pixelUnshuffle`.
 *
 * **Shapes** x: [..., C, H·r, W·r]; result: [..., C·r², H, W]. Source: Shi et al. 2016.
 * @throws ShapeError if height and width are no multiples of r; UsageError for a bad factor.
 * @example new PixelUnshuffle(3).forward(randn([1, 1, 12, 12])).shape; // → [1, 9, 4, 4]
 */
export class PixelUnshuffle extends Module {
  static readonly keepsNoTensors = true;
  readonly downscaleFactor: number;

  constructor(downscaleFactor: number) {
    super();
    this.downscaleFactor = downscaleFactor;
  }

  forward(x: Tensor): Tensor {
    return pixelUnshuffle(x, this.downscaleFactor);
  }

  override extraRepr(): string {
    return `downscale_factor=${this.downscaleFactor}`;
  }
}
