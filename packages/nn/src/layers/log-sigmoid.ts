import type { Tensor } from "@kindling/tensor";
import { Module } from "../module.js";

/**
 * `ln sigmoid(x)` of every element, stable for large |x|.
 *
 * **Shapes** any; result: the same.
 * @example new LogSigmoid().forward(tensor([0, -100])); // → [-0.6931, -100]
 */
export class LogSigmoid extends Module {
  static readonly keepsNoTensors = true;

  forward(x: Tensor): Tensor {
    return x.logSigmoid();
  }
}
