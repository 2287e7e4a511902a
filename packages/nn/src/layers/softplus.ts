import type { Tensor } from "@kindling/tensor";
import { Module } from "../module.js";

/**
 * `ln(1 + e^(beta·x)) / beta`, a smooth `relu`; `x` itself where `beta·x > threshold`.
 *
 * **Shapes** any; result: the same. Defaults: `beta` 1, `threshold` 20.
 * @example new Softplus().forward(tensor([-1, 0, 30])); // → [0.3133, 0.6931, 30]
 */
export class Softplus extends Module {
  static readonly keepsNoTensors = true;
  readonly beta: number;
  readonly threshold: number;

  constructor(beta = 1, threshold = 20) {
    super();
    this.beta = beta;
    this.threshold = threshold;
  }

  forward(x: Tensor): Tensor {
    return x.softplus({ beta: this.beta, threshold: this.threshold });
  }

  override extraRepr(): string {
    return `beta=${this.beta}, threshold=${this.threshold}`;
  }
}
