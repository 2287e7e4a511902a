import { ones, rmsNorm, type Tensor } from "@kindling/tensor";
import { ones_ } from "../init.js";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";
import { showBool, showFloat, showSize } from "../repr.js";

/** Options of {@link RMSNorm}. */
export interface RMSNormOptions {
  /** Added to the mean square; null: the machine epsilon of the input's dtype. Default null. */
  eps?: number | null;
  /** Whether there is a weight. Default true. */
  elementwiseAffine?: boolean;
}

/**
 * Divides by the root of the mean square over the last dimensions: `x / √(mean(x²) + eps) · weight`. See `rmsNorm`.
 *
 * **Shapes** x: [..., *normalizedShape]; result: the same. Parameters: `weight` (ones at first), of shape
 * normalizedShape. Options: `eps` (null), `elementwiseAffine` (true). Source: Zhang & Sennrich 2019.
 * @throws ShapeError if the input's last sizes differ.
 * @example new RMSNorm(2).forward(tensor([[3, 4]], { dtype: "float32" })); // → [[0.8485, 1.1314]]
 */
export class RMSNorm extends Module {
  static readonly keepsNoTensors = true;
  readonly normalizedShape: readonly number[];
  readonly eps: number | null;
  readonly elementwiseAffine: boolean;
  weight: Parameter | null;

  constructor(normalizedShape: number | readonly number[], options: RMSNormOptions = {}) {
    super();
    const { eps = null, elementwiseAffine = true } = options;
    this.normalizedShape = typeof normalizedShape === "number" ? [normalizedShape] : [...normalizedShape];
    this.eps = eps;
    this.elementwiseAffine = elementwiseAffine;
    this.weight = elementwiseAffine ? new Parameter(ones(this.normalizedShape)) : null;
  }

  /** Sets the weight to ones. */
  resetParameters(): void {
    if (this.weight !== null) ones_(this.weight);
  }

  forward(x: Tensor): Tensor {
    return rmsNorm(x, this.normalizedShape, this.weight, this.eps === null ? {} : { eps: this.eps });
  }

  override extraRepr(): string {
    const eps = this.eps === null ? "None" : showFloat(this.eps);
    return `${showSize(this.normalizedShape)}, eps=${eps}, elementwise_affine=${showBool(this.elementwiseAffine)}`;
  }
}
