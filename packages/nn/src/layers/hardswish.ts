import type { Tensor } from "@kindling/tensor";
import { Activation } from "./activation.js";

/**
 * `x · min(max(x + 3, 0), 6) / 6` of every element. Source: Howard et al. 2019.
 *
 * **Shapes** any; result: the same. Options: `inplace` (false).
 * @example new Hardswish().forward(tensor([-4, 1.5, 4])); // → [0, 1.125, 4]
 */
export class Hardswish extends Activation {
  static readonly keepsNoTensors = true;

  protected activate(x: Tensor): Tensor {
    return x.hardswish();
  }
}
