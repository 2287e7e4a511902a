import type { Tensor } from "@kindling/tensor";
import { Module } from "../module.js";

/**
 * `x − tanh(x)` of every element.
 *
 * **Shapes** any; result: the same.
 * @example new Tanhshrink().forward(tensor([0, 1])); // → [0, 0.2384]
 */
export class Tanhshrink extends Module {
  static readonly keepsNoTensors = true;

  forward(x: Tensor): Tensor {
    return x.tanhshrink();
  }
}
