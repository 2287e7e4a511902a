import { formatShape, ShapeError, type Tensor } from "@kindling/tensor";
import { Module } from "../module.js";

/**
 * `softmax` over the channels, at every position.
 *
 * **Shapes** x: [N, C, H, W] or [C, H, W]; result: the same.
 * @throws ShapeError for other numbers of dimensions.
 * @example new Softmax2d().forward(zeros(1, 2, 1, 1)); // → [[[[0.5]], [[0.5]]]]
 */
export class Softmax2d extends Module {
  static readonly keepsNoTensors = true;

  forward(x: Tensor): Tensor {
    if (x.ndim !== 3 && x.ndim !== 4) {
      throw new ShapeError(`Softmax2d: expected an input [N, C, H, W] or [C, H, W], got ${formatShape(x.shape)}`);
    }
    return x.softmax(-3);
  }
}
