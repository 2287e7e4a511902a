import type { Tensor } from "@kindling/tensor";
import { Module } from "../module.js";

/**
 * `1 / (1 + e⁻ˣ)` of every element.
 *
 * **Shapes** any; result: the same.
 * @example new Sigmoid().forward(tensor([0, 2])); // → [0.5, 0.8808]
 */
export class Sigmoid extends Module {
  static readonly keepsNoTensors = true;

  forward(x: Tensor): Tensor {
    return x.sigmoid();
  }
}
