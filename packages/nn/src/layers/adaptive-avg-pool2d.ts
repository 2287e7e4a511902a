import { adaptiveAvgPool2d, type Tensor } from "@kindling/tensor";
import { Module } from "../module.js";
import { showSize } from "../repr.js";

/**
 * Means over windows chosen so that the result has `outputSize`: a number, or height and width, where null keeps the
 * input's. See `adaptiveAvgPool2d`.
 *
 * **Shapes** x: [N, C, H, W] or [C, H, W]; result: [N, C, H', W'].
 * @throws ShapeError for other numbers of dimensions; UsageError for a bad size.
 * @example new AdaptiveAvgPool2d(1).forward(randn([8, 64, 7, 7])).shape; // [8, 64, 1, 1]
 */
export class AdaptiveAvgPool2d extends Module {
  static readonly keepsNoTensors = true;
  readonly outputSize: number | null | readonly (number | null)[];

  constructor(outputSize: number | null | readonly (number | null)[]) {
    super();
    this.outputSize = outputSize;
  }

  forward(x: Tensor): Tensor {
    return adaptiveAvgPool2d(x, this.outputSize);
  }

  override extraRepr(): string {
    return `output_size=${showSize(this.outputSize)}`;
  }
}
