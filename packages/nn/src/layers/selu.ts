import type { Tensor } from "@kindling/tensor";
import { Activation } from "./activation.js";

/**
 * `scale · elu(x, alpha)` of every element, with the constants that keep mean 0 and variance 1. Source: Klambauer et al. 2017.
 *
 * **Shapes** any; result: the same. Options: `inplace` (false).
 * @example new SELU().forward(tensor([-1, 1])); // → [-1.1113, 1.0507]
 */
export class SELU extends Activation {
  static readonly keepsNoTensors = true;

  protected activate(x: Tensor): Tensor {
    return x.selu();
  }
}
