import type { Tensor } from "@kindling/tensor";
import { Activation } from "./activation.js";

/**
 * `min(max(x, 0), 6)` of every element.
 *
 * **Shapes** any; result: the same. Options: `inplace` (false).
 * @example new ReLU6().forward(tensor([-1, 3, 8])); // → [0, 3, 6]
 */
export class ReLU6 extends Activation {
  static readonly keepsNoTensors = true;

  protected activate(x: Tensor): Tensor {
    return x.relu6();
  }
}
