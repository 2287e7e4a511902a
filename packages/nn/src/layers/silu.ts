import type { Tensor } from "@kindling/tensor";
import { Module } from "../module.js";

/** Applies `silu` to every element. **Shapes** any; result: the same. */
export class SiLU extends Module {
  static readonly keepsNoTensors = true;
  forward(x: Tensor): Tensor {
    return x.silu();
  }
}
