import type { Pair } from "@kindling/tensor";
import { Upsample } from "./upsample.js";

/** Options of the layers that make images larger. */
export interface UpsamplingOptions {
  /** Size of the result. Either this or `scaleFactor`. */
  size?: Pair | null;
  /** How many times larger the result is. */
  scaleFactor?: Pair | null;
}

/**
 * Larger images by repeating elements; `Upsample` with mode "nearest".
 *
 * **Shapes** x: [N, C, H, W]; result: [N, C, H', W'] with sizes `size`, or ⌊own · scaleFactor⌋.
 * @throws UsageError unless there is a size or a scaleFactor.
 * @example new UpsamplingNearest2d({ scaleFactor: 2 }).forward(randn([1, 3, 4, 4])).shape; // → [1, 3, 8, 8]
 */
export class UpsamplingNearest2d extends Upsample {
  static override readonly keepsNoTensors = true;

  constructor(options: UpsamplingOptions) {
    super({ ...options, mode: "nearest" });
  }
}

/**
 * Larger images by mixing neighbours, with the corners in place; `Upsample` with mode "bilinear" and `alignCorners`.
 *
 * **Shapes** x: [N, C, H, W]; result: [N, C, H', W'] with sizes `size`, or ⌊own · scaleFactor⌋.
 * @throws UsageError unless there is a size or a scaleFactor.
 * @example new UpsamplingBilinear2d({ size: 7 }).forward(randn([1, 3, 4, 4])).shape; // → [1, 3, 7, 7]
 */
export class UpsamplingBilinear2d extends Upsample {
  static override readonly keepsNoTensors = true;

  constructor(options: UpsamplingOptions) {
    super({ ...options, mode: "bilinear", alignCorners: true });
  }
}
