import type { Tensor } from "@kindling/tensor";
import { Module } from "../module.js";

/**
 * `x / (1 + |x|)` of every element.
 *
 * **Shapes** any; result: the same.
 * @example new Softsign().forward(tensor([-1, 3])); // → [-0.5, 0.75]
 */
export class Softsign extends Module {
  static readonly keepsNoTensors = true;

  forward(x: Tensor): Tensor {
    return x.softsign();
  }
}
