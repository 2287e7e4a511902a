import { adaptiveAvgPool2d, type Tensor } from "@kindling/tensor";
import { Module } from "../module.js";

/** Means over windows chosen so that the result has `outputSize`; see `adaptiveAvgPool2d`. */
export class AdaptiveAvgPool2d extends Module {
  static readonly keepsNoTensors = true;
  readonly outputSize: number | readonly (number | null)[];

  constructor(outputSize: number | readonly (number | null)[]) {
    super();
    this.outputSize = outputSize;
  }

  forward(x: Tensor): Tensor {
    return adaptiveAvgPool2d(x, this.outputSize);
  }
}
