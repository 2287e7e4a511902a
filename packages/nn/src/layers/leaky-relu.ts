import type { Tensor } from "@kindling/tensor";
import { Module } from "../module.js";

/** `x` where positive, else `negativeSlope · x` (default 0.01). */
export class LeakyReLU extends Module {
  static readonly keepsNoTensors = true;
  readonly negativeSlope: number;

  constructor(negativeSlope = 0.01) {
    super();
    this.negativeSlope = negativeSlope;
  }

  forward(x: Tensor): Tensor {
    return x.leakyRelu(this.negativeSlope);
  }

  override extraRepr(): string {
    return `negative_slope=${this.negativeSlope}`;
  }
}
