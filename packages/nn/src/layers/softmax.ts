import type { Tensor } from "@kindling/tensor";
import { Module } from "../module.js";

/**
 * `e^xᵢ / Σ e^xⱼ` along `dim`: numbers from 0 to 1 with sum 1.
 *
 * **Shapes** any; result: the same.
 * @throws ShapeError for a dimension out of range.
 * @example new Softmax(1).forward(randn([8, 10]));
 */
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
