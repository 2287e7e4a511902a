import type { Tensor } from "@kindling/tensor";
import { Activation } from "./activation.js";

/**
 * `x · tanh(ln(1 + eˣ))` of every element. Source: Misra 2019.
 *
 * **Shapes** any; result: the same. Options: `inplace` (false).
 * @example new Mish().forward(tensor([0, 2])); // → [0, 1.9440]
 */
export class Mish extends Activation {
  static readonly keepsNoTensors = true;

  protected activate(x: Tensor): Tensor {
    return x.mish();
  }
}
