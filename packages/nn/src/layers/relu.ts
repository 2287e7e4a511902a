import type { Tensor } from "@kindling/tensor";
import { Activation } from "./activation.js";

/**
 * `max(x, 0)` of every element; NaN stays NaN.
 *
 * **Shapes** any; result: the same. Options: `inplace` (false).
 * @example new ReLU().forward(tensor([-1.5, 2])); // → [0, 2]
 */
export class ReLU extends Activation {
  static readonly keepsNoTensors = true;

  protected activate(x: Tensor): Tensor {
    return x.relu();
  }
}
