import type { Tensor } from "@kindling/tensor";
import { Module } from "../module.js";

/** Applies `tanh` to every element. **Shapes** any; result: the same. */
export class Tanh extends Module {
  static readonly keepsNoTensors = true;
  forward(x: Tensor): Tensor {
    return x.tanh();
  }
}
