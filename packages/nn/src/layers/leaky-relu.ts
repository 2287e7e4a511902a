import type { Tensor } from "@kindling/tensor";
import { showFloat } from "../repr.js";
import { Activation, type InplaceOptions } from "./activation.js";

/**
 * `x` where positive, else `negativeSlope · x`.
 *
 * **Shapes** any; result: the same. Options: `inplace` (false). Default: `negativeSlope` 0.01.
 * @example new LeakyReLU(0.5).forward(tensor([-2, 3])); // → [-1, 3]
 */
export class LeakyReLU extends Activation {
  static readonly keepsNoTensors = true;
  readonly negativeSlope: number;

  constructor(negativeSlope = 0.01, options: InplaceOptions = {}) {
    super(options);
    this.negativeSlope = negativeSlope;
  }

  protected activate(x: Tensor): Tensor {
    return x.leakyRelu(this.negativeSlope);
  }

  protected override ownRepr(): string {
    return `negative_slope=${showFloat(this.negativeSlope)}`;
  }
}
