import type { Tensor } from "@kindling/tensor";
import { Module } from "../module.js";

/**
 * Gives back its input: a place for a layer that is not there.
 *
 * **Shapes** any; result: the input itself.
 * @example new Identity().forward(tensor([1, 2])); // → [1, 2]
 */
export class Identity extends Module {
  static readonly keepsNoTensors = true;

  forward(x: Tensor): Tensor {
    return x;
  }
}
