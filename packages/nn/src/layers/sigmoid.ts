import type { Tensor } from "@kindling/tensor";
import { Module } from "../module.js";

/** Applies `sigmoid` to every element. **Shapes** any; result: the same. */
export class Sigmoid extends Module {
  static readonly keepsNoTensors = true;
  forward(x: Tensor): Tensor {
    return x.sigmoid();
  }
}
