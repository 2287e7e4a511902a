import type { Tensor } from "@kindling/tensor";
import { Module } from "../module.js";

/** Applies `softmax` along `dim`. **Shapes** any; result: the same. */
export class Softmax extends Module {
  static readonly keepsNoTensors = true;
  readonly dim: number;

  constructor(dim: number) {
    super();
    this.dim = dim;
  }

  forward(x: Tensor): Tensor {
    return x.softmax(this.dim);
  }

  override extraRepr(): string {
    return `dim=${this.dim}`;
  }
}
