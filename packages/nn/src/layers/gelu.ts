import type { Tensor } from "@kindling/tensor";
import { Module } from "../module.js";

/** Options of {@link GELU}. */
export interface GELUOptions {
  /** "tanh" is faster and a little less exact. Default "none". */
  approximate?: "none" | "tanh";
}

/**
 * Gaussian error linear unit, `x · Φ(x)` of every element.
 *
 * **Shapes** any; result: the same. Options: `approximate` ("none"). Source: Hendrycks & Gimpel 2016.
 * @throws UsageError for another approximation.
 * @example new GELU().forward(tensor([-1, 2])); // → [-0.1587, 1.9545]
 */
export class GELU extends Module {
  static readonly keepsNoTensors = true;
  readonly approximate: "none" | "tanh";

  constructor(options: GELUOptions = {}) {
    super();
    this.approximate = options.approximate ?? "none";
  }

  forward(x: Tensor): Tensor {
    return x.gelu({ approximate: this.approximate });
  }

  override extraRepr(): string {
    return `approximate='${this.approximate}'`;
  }
}
