import type { Tensor } from "@kindling/tensor";
import { Module } from "../module.js";

/** Applies `relu` to every element. **Shapes** any; result: the same. */
export class ReLU extends Module {
  static readonly keepsNoTensors = true;
  forward(x: Tensor): Tensor {
    return x.relu();
  }
}
