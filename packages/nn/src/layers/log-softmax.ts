import type { Tensor } from "@kindling/tensor";
import { AlongDim } from "./along-dim.js";

/**
 * `ln softmax(x)` along `dim`, more accurate than the logarithm of `softmax`.
 *
 * **Shapes** any; result: the same.
 * @throws ShapeError for a dimension out of range.
 * @example new LogSoftmax(1).forward(tensor([[0.5, 0.5, 1.5]])); // → [[-1.5514, -1.5514, -0.5514]]
 */
export class LogSoftmax extends AlongDim {
  static readonly keepsNoTensors = true;

  forward(x: Tensor): Tensor {
    return x.logSoftmax(this.dim);
  }
}
