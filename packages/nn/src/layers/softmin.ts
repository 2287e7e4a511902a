import type { Tensor } from "@kindling/tensor";
import { AlongDim } from "./along-dim.js";

/**
 * `softmax(−x)` along `dim`.
 *
 * **Shapes** any; result: the same.
 * @throws ShapeError for a dimension out of range.
 * @example new Softmin(1).forward(randn([8, 10]));
 */
export class Softmin extends AlongDim {
  static readonly keepsNoTensors = true;

  forward(x: Tensor): Tensor {
    return x.softmin(this.dim);
  }
}
