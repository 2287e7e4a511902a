import type { Tensor } from "@kindling/tensor";
import { showFloat } from "../repr.js";
import { Activation, type InplaceOptions } from "./activation.js";

/**
 * `x` where positive, else `alpha · (e^(x/alpha) − 1)`. Source: Barron 2017.
 *
 * **Shapes** any; result: the same. Options: `inplace` (false). Default: `alpha` 1.
 * @example new CELU(2).forward(tensor([-1, 2])); // → [-0.7869, 2]
 */
export class CELU extends Activation {
  static readonly keepsNoTensors = true;
  readonly alpha: number;

  constructor(alpha = 1, options: InplaceOptions = {}) {
    super(options);
    this.alpha = alpha;
  }

  protected activate(x: Tensor): Tensor {
    return x.celu(this.alpha);
  }

  protected override ownRepr(): string {
    return `alpha=${showFloat(this.alpha)}`;
  }
}
