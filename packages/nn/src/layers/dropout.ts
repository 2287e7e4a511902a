import { dropout, type Tensor, UsageError } from "@kindling/tensor";
import { Module } from "../module.js";

/** In training, zeroes elements with probability `p` (default 0.5) and scales the others by `1 / (1 − p)`. */
export class Dropout extends Module {
  static readonly keepsNoTensors = true;
  readonly p: number;

  constructor(p = 0.5) {
    super();
    if (!(p >= 0 && p <= 1)) throw new UsageError(`Dropout: p must be between 0 and 1, got ${p}`);
    this.p = p;
  }

  forward(x: Tensor): Tensor {
    return dropout(x, this.p, { training: this.training });
  }

  override extraRepr(): string {
    return `p=${this.p}, inplace=False`;
  }
}
