import {
  type AdaptiveSize,
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  type Tensor,
} from "@kindling/tensor";
import { Module } from "../module.js";
import { showSize } from "../repr.js";

/** What the adaptive average pools over one, two and three dimensions share. */
abstract class AdaptiveAvgPool<Size extends AdaptiveSize> extends Module {
  readonly outputSize: Size;

  constructor(outputSize: Size) {
    super();
    this.outputSize = outputSize;
  }

  override extraRepr(): string {
    return `output_size=${showSize(this.outputSize)}`;
  }
}

/**
 * Means over windows chosen so that the result has length `outputSize`. See `adaptiveAvgPool1d`.
 *
 * **Shapes** x: [N, C, L] or [C, L]; result: [N, C, L'].
 * @throws ShapeError for other numbers of dimensions; UsageError for a bad size.
 * @example new AdaptiveAvgPool1d(5).forward(randn([8, 64, 8])).shape; // → [8, 64, 5]
 */
export class AdaptiveAvgPool1d extends AdaptiveAvgPool<number | readonly number[]> {
  static readonly keepsNoTensors = true;

  forward(x: Tensor): Tensor {
    return adaptiveAvgPool1d(x, this.outputSize);
  }
}

/**
 * Means over windows chosen so that the result has `outputSize`: a number, or height and width, where null keeps the
 * input's. See `adaptiveAvgPool2d`.
 *
 * **Shapes** x: [N, C, H, W] or [C, H, W]; result: [N, C, H', W'].
 * @throws ShapeError for other numbers of dimensions; UsageError for a bad size.
 * @example new AdaptiveAvgPool2d(1).forward(randn([8, 64, 7, 7])).shape; // → [8, 64, 1, 1]
 */
export class AdaptiveAvgPool2d extends AdaptiveAvgPool<AdaptiveSize> {
  static readonly keepsNoTensors = true;

  forward(x: Tensor): Tensor {
    return adaptiveAvgPool2d(x, this.outputSize);
  }
}

/**
 * Means over windows of volumes chosen so that the result has `outputSize`: a number, or depth, height and width, where
 * null keeps the input's. See `adaptiveAvgPool3d`.
 *
 * **Shapes** x: [N, C, D, H, W] or [C, D, H, W]; result: [N, C, D', H', W'].
 * @throws ShapeError for other numbers of dimensions; UsageError for a bad size.
 * @example new AdaptiveAvgPool3d([5, null, 7]).forward(randn([1, 64, 8, 9, 10])).shape; // → [1, 64, 5, 9, 7]
 */
export class AdaptiveAvgPool3d extends AdaptiveAvgPool<AdaptiveSize> {
  static readonly keepsNoTensors = true;

  forward(x: Tensor): Tensor {
    return adaptiveAvgPool3d(x, this.outputSize);
  }
}
