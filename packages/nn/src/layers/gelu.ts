import type { Tensor } from "@kindling/tensor";
import { Module } from "../module.js";

/** Gaussian error linear unit. Options: `approximate` "none" (default) or "tanh". */
export class GELU extends Module {
  static readonly keepsNoTensors = true;
  readonly approximate: "none" | "tanh";

  constructor(options: { approximate?: "none" | "tanh" } = {}) {
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
