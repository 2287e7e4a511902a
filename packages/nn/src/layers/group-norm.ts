import { groupNorm, ones, type Tensor, UsageError, zeros } from "@kindling/tensor";
import { ones_, zeros_ } from "../init.js";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";
import { showBool, showFloat } from "../repr.js";

/** Options of {@link GroupNorm}. */
export interface GroupNormOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /** Whether there are a weight and a bias, one number per channel. Default true. */
  affine?: boolean;
}

/**
 * Normalises every group of channels of every sample: `(x − mean) / √(variance + eps) · weight + bias`. See `groupNorm`.
 *
 * **Shapes** x: [N, numChannels, ...]; result: the same. Parameters: `weight` (ones at first) and `bias` (zeros)
 * [numChannels]. Options: `eps` (1e-5), `affine` (true). Source: Wu & He 2018.
 * @throws UsageError if the groups do not divide the channels; ShapeError if the input has another number of them.
 * @example
 * new GroupNorm(2, 4).forward(tensor([[1, 3, 10, 30]], { dtype: "float32" })); // → [[-1.0000, 1.0000, -1, 1]]
 */
export class GroupNorm extends Module {
  static readonly keepsNoTensors = true;
  readonly numGroups: number;
  readonly numChannels: number;
  readonly eps: number;
  readonly affine: boolean;
  weight: Parameter | null;
  bias: Parameter | null;

  constructor(numGroups: number, numChannels: number, options: GroupNormOptions = {}) {
    super();
    const { eps = 1e-5, affine = true } = options;
    if (!Number.isInteger(numGroups) || numGroups < 1 || numChannels % numGroups !== 0) {
      throw new UsageError(`GroupNorm: numGroups must divide the ${numChannels} channels, got ${numGroups}`);
    }
    this.numGroups = numGroups;
    this.numChannels = numChannels;
    this.eps = eps;
    this.affine = affine;
    this.weight = affine ? new Parameter(ones([numChannels])) : null;
    this.bias = affine ? new Parameter(zeros([numChannels])) : null;
  }

  /** Sets the weight to ones and the bias to zeros. */
  resetParameters(): void {
    if (this.weight !== null) ones_(this.weight);
    if (this.bias !== null) zeros_(this.bias);
  }

  forward(x: Tensor): Tensor {
    return groupNorm(x, this.numGroups, this.weight, this.bias, { eps: this.eps });
  }

  override extraRepr(): string {
    return `${this.numGroups}, ${this.numChannels}, eps=${showFloat(this.eps)}, affine=${showBool(this.affine)}`;
  }
}
