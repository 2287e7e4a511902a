import type { Tensor } from "@kindling/tensor";
import { Activation } from "./activation.js";

/**
 * `x · sigmoid(x)` of every element, also called swish. Source: Hendrycks & Gimpel 2016.
 *
 * **Shapes** any; result: the same. Options: `inplace` (false).
 * @example new SiLU().forward(tensor([0, 2])); // → [0, 1.7616]
 */
export class SiLU extends Activation {
  static readonly keepsNoTensors = true;

  protected activate(x: Tensor): Tensor {
    return x.silu();
  }
}
