import { drawBetween } from "../draws.js";
import { gaussianBlur, kernelPair, sigmaPair } from "./filters.js";
import { type Pixels, PixelTransform } from "./pixels.js";
import { tuple } from "./repr.js";

/** A standard deviation, or the range `[min, max]` to draw it from. */
export type SigmaRange = number | readonly number[];

/**
 * Blurs with a Gauss filter whose standard deviation is drawn from a range, over images mirrored at the edge.
 *
 * `kernelSize` is odd: one size, or `[x, y]`. `sigma` is a number or `[min, max]`, alone or as an option
 * (default [0.1, 2]); one draw is made in any case.
 *
 * **Shapes**: `[…, C, H, W]` → the same.
 *
 * @throws UsageError for a kernel that is not odd, a deviation that is not positive, or images too small to be mirrored.
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * manualSeed(0);
 * new transforms.GaussianBlur(3, { sigma: [0.1, 2] }).forward(image).toArray(); // → [[[3, 3, 4, 5], [5, 5, 6, 6], [9, 9, 10, 10], [10, 11, 12, 12]]]
 */
export class GaussianBlur extends PixelTransform {
  readonly kernelSize: readonly [x: number, y: number];
  readonly sigma: readonly [min: number, max: number];

  constructor(kernelSize: number | readonly number[], sigma: SigmaRange | { sigma?: SigmaRange } = {}) {
    super();
    this.kernelSize = kernelPair("GaussianBlur", kernelSize);
    this.sigma = sigmaPair("GaussianBlur", optionOr(sigma, [0.1, 2]), true);
  }

  apply(pixels: Pixels): Pixels {
    const sigma = drawBetween(this.sigma);
    return gaussianBlur("GaussianBlur", pixels, { kernelSize: this.kernelSize, sigma: [sigma, sigma] });
  }

  override toString(): string {
    return `GaussianBlur(kernel_size=(${this.kernelSize.join(", ")}), sigma=${tuple(this.sigma)})`;
  }
}

function optionOr(sigma: SigmaRange | { sigma?: SigmaRange }, fallback: SigmaRange): SigmaRange {
  return typeof sigma === "number" || Array.isArray(sigma)
    ? sigma
    : ((sigma as { sigma?: SigmaRange }).sigma ?? fallback);
}
