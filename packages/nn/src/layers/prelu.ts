import { full, type Tensor } from "@kindling/tensor";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";

/** Options of {@link PReLU}. */
export interface PReLUOptions {
  /** The slopes to begin with. Default 0.25. */
  init?: number;
}

/**
 * `x` where positive, else `weight · x`, with a learned slope for all channels or one for each.
 *
 * **Shapes** x: any, with channels in dimension 1; result: the same. Parameters: `weight` [numParameters].
 * Options: `init` (0.25). Default: `numParameters` 1. Source: He et al. 2015.
 * @throws ShapeError if there is neither one slope nor one for each channel.
 * @example new PReLU().forward(tensor([-1, 2], { dtype: "float32" })); // → [-0.25, 2]
 */
export class PReLU extends Module {
  static readonly keepsNoTensors = true;
  readonly numParameters: number;
  weight: Parameter;

  constructor(numParameters = 1, options: PReLUOptions = {}) {
    super();
    this.numParameters = numParameters;
    this.weight = new Parameter(full([numParameters], options.init ?? 0.25, { dtype: "float32" }));
  }

  forward(x: Tensor): Tensor {
    return x.prelu(this.weight);
  }

  override extraRepr(): string {
    return `num_parameters=${this.numParameters}`;
  }
}
