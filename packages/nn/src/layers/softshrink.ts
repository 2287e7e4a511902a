import type { Tensor } from "@kindling/tensor";
import { Module } from "../module.js";
import { showFloat } from "../repr.js";

/**
 * `x` moved by `lambd` towards 0, and 0 where it would cross it. Default: `lambd` 0.5.
 *
 * **Shapes** any; result: the same.
 * @example new Softshrink().forward(tensor([-1, 0.25, 2])); // → [-0.5, 0, 1.5]
 */
export class Softshrink extends Module {
  static readonly keepsNoTensors = true;
  readonly lambd: number;

  constructor(lambd = 0.5) {
    super();
    this.lambd = lambd;
  }

  forward(x: Tensor): Tensor {
    return x.softshrink(this.lambd);
  }

  override extraRepr(): string {
    return showFloat(this.lambd);
  }
}
