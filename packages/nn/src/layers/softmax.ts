import type { Tensor } from "@kindling/tensor";
import { AlongDim } from "./along-dim.js";

/**
 * `e^xᵢ / Σ e^xⱼ` along `dim`: numbers from 0 to 1 with sum 1.
 *
 * **Shapes** any; result: the same.
 * @throws ShapeError for a dimension out of range.
 * @example new Softmax(1).forward(tensor([[0.5, 0.5, 1.5]])); // → [[0.2119, 0.2119, 0.5761]]
 */
export class Softmax extends AlongDim {
  static readonly keepsNoTensors = true;

  forward(x: Tensor): Tensor {
    return x.softmax(this.dim);
  }
}
