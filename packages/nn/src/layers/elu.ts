import type { Tensor } from "@kindling/tensor";
import { showFloat } from "../repr.js";
import { Activation, type InplaceOptions } from "./activation.js";

/**
 * `x` where positive, else `alpha · (eˣ − 1)`. Source: Clevert et al. 2016.
 *
 * **Shapes** any; result: the same. Options: `inplace` (false). Default: `alpha` 1.
 * @example new ELU(0.5).forward(tensor([-1, 2])); // → [-0.3161, 2]
 */
export class ELU extends Activation {
  static readonly keepsNoTensors = true;
  readonly alpha: number;

  constructor(alpha = 1, options: InplaceOptions = {}) {
    super(options);
    this.alpha = alpha;
  }

  protected activate(x: Tensor): Tensor {
    return x.elu(this.alpha);
  }

  protected override ownRepr(): string {
    return `alpha=${showFloat(this.alpha)}`;
  }
}
