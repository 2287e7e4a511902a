import type { Tensor } from "@kindling/tensor";
import { Activation } from "./activation.js";

/**
 * `min(max(x + 3, 0), 6) / 6` of every element.
 *
 * **Shapes** any; result: the same. Options: `inplace` (false).
 * @example new Hardsigmoid().forward(tensor([-4, 0, 1.5])); // → [0, 0.5, 0.75]
 */
export class Hardsigmoid extends Activation {
  static readonly keepsNoTensors = true;

  protected activate(x: Tensor): Tensor {
    return x.hardsigmoid();
  }
}
