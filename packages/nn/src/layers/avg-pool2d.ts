import { type AvgPoolOptions, avgPool2d, type Pair, type Tensor } from "@kindling/tensor";
import { Module } from "../module.js";

/** Mean of every window; see `avgPool2d` for shapes and options. */
export class AvgPool2d extends Module {
  static readonly keepsNoTensors = true;
  readonly kernelSize: Pair;
  readonly options: AvgPoolOptions;

  constructor(kernelSize: Pair, options: AvgPoolOptions = {}) {
    super();
    this.kernelSize = kernelSize;
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    return avgPool2d(x, this.kernelSize, this.options);
  }
}
