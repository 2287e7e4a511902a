import type { Tensor } from "@kindling/tensor";
import { Module } from "../module.js";
import { showFloat } from "../repr.js";

/**
 * `x` where `|x| > lambd`, else 0. Default: `lambd` 0.5.
 *
 * **Shapes** any; result: the same.
 * @example new Hardshrink().forward(tensor([-1, 0.25, 2])); // → [-1, 0, 2]
 */
export class Hardshrink extends Module {
  static readonly keepsNoTensors = true;
  readonly lambd: number;

  constructor(lambd = 0.5) {
    super();
    this.lambd = lambd;
  }

  forward(x: Tensor): Tensor {
    return x.hardshrink(this.lambd);
  }

  override extraRepr(): string {
    return showFloat(this.lambd);
  }
}
