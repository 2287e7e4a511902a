import { pixelShuffle, type Tensor } from "@kindling/tensor";
import { Module } from "../module.js";

/**
 * Spreads each group of r² channels over the pixels of a block of r × r, where r is `upscaleFactor`. See `pixelShuffle`.
 *
 * **Shapes** x: [..., C·r², H, W]; result: [..., C, H·r, W·r]. Source: Shi et al. 2016.
 * @throws ShapeError if the channels are no multiple of r²; UsageError for a bad factor.
 * @example new PixelShuffle(3).forward(randn([1, 9, 4, 4])).shape; // → [1, 1, 12, 12]
 */
export class PixelShuffle extends Module {
  static readonly keepsNoTensors = true;
  readonly upscaleFactor: number;

  constructor(upscaleFactor: number) {
    super();
    this.upscaleFactor = upscaleFactor;
  }

  forward(x: Tensor): Tensor {
    return pixelShuffle(x, this.upscaleFactor);
  }

  override extraRepr(): string {
    return `upscale_factor=${this.upscaleFactor}`;
  }
}
