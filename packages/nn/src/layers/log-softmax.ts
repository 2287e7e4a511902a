import type { Tensor } from "@kindling/tensor";
import { Module } from "../module.js";

/** Applies `logSoftmax` along `dim`. **Shapes** any; result: the same. */
export class LogSoftmax extends Module {
  static readonly keepsNoTensors = true;
  readonly dim: number;

  constructor(dim: number) {
    super();
    this.dim = dim;
  }

  forward(x: Tensor): Tensor {
    return x.logSoftmax(this.dim);
  }

  override extraRepr(): string {
    return `dim=${this.dim}`;
  }
}
