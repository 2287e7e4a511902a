import type { Tensor } from "@kindling/tensor";
import { Module } from "../module.js";

/**
 * `softmax(−x)` along `dim`.
 *
 * **Shapes** any; result: the same.
 * @throws ShapeError for a dimension out of range.
 * @example new Softmin(1).forward(randn([8, 10]));
 */
export class Softmin extends Module {
  static readonly keepsNoTensors = true;
  readonly dim: number;

  constructor(dim: number) {
    super();
    this.dim = dim;
  }

  forward(x: Tensor): Tensor {
    return x.softmin(this.dim);
  }

  override extraRepr(): string {
    return `dim=${this.dim}`;
  }
}
