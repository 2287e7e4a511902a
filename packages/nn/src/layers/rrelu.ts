import { rrelu, type Tensor } from "@kindling/tensor";
import { showFloat } from "../repr.js";
import { Activation, type InplaceOptions } from "./activation.js";

/**
 * `x` where positive, else `x` times a slope: in training drawn from [lower, upper) for each element, in evaluation their
 * mean.
 *
 * **Shapes** any; result: the same. Options: `inplace` (false). Defaults: `lower` 1/8, `upper` 1/3. Source: Xu et al. 2015.
 * @throws UsageError if lower is above upper.
 * @example
 * const layer = new RReLU(0.25, 0.75);
 * layer.eval();
 * layer.forward(tensor([-1.5, 2])); // → [-0.75, 2]
 */
export class RReLU extends Activation {
  static readonly keepsNoTensors = true;
  readonly lower: number;
  readonly upper: number;

  constructor(lower = 1 / 8, upper = 1 / 3, options: InplaceOptions = {}) {
    super(options);
    this.lower = lower;
    this.upper = upper;
  }

  protected activate(x: Tensor): Tensor {
    return rrelu(x, this.lower, this.upper, { training: this.training });
  }

  protected override ownRepr(): string {
    return `lower=${showFloat(this.lower)}, upper=${showFloat(this.upper)}`;
  }
}
