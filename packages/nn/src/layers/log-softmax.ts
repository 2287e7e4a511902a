import type { Tensor } from "@kindling/tensor";
import { Module } from "../module.js";

/**
 * `ln softmax(x)` along `dim`, more accurate than the logarithm of `softmax`.
 *
 * **Shapes** any; result: the same.
 * @throws ShapeError for a dimension out of range.
 * @example new LogSoftmax(1).forward(randn([8, 10]));
 */
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
