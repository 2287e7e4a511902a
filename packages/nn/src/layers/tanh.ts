import type { Tensor } from "@kindling/tensor";
import { Module } from "../module.js";

/**
 * Hyperbolic tangent of every element.
 *
 * **Shapes** any; result: the same.
 * @example new Tanh().forward(tensor([0, 1])); // → [0, 0.7616]
 */
export class Tanh extends Module {
  static readonly keepsNoTensors = true;

  forward(x: Tensor): Tensor {
    return x.tanh();
  }
}
