import type { Tensor } from "@kindling/tensor";
import { AlongDim } from "./along-dim.js";

/**
 * `softmax(−x)` along `dim`.
 *
 * **Shapes** any; result: the same.
 * @throws ShapeError for a dimension out of range.
 * @example new Softmin(1).forward(tensor([[0.5, 0.5, 1.5]])); // → [[0.4223, 0.4223, 0.1554]]
 */
export class Softmin extends AlongDim {
  static readonly keepsNoTensors = true;

  forward(x: Tensor): Tensor {
    return x.softmin(this.dim);
  }
}
