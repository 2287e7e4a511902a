import { layerNorm, ones, type Tensor, zeros } from "@kindling/tensor";
import { ones_, zeros_ } from "../init.js";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";
import { showBool, showFloat, showSize } from "../repr.js";

/** Options of {@link LayerNorm}. */
export interface LayerNormOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /** Whether there is a weight, and a bias if wanted. Default true. */
  elementwiseAffine?: boolean;
  /** Whether there is a bias beside the weight. Default true. */
  bias?: boolean;
}

/**
 * Normalises over the last dimensions: `(x − mean) / √(variance + eps) · weight + bias`. See `layerNorm`.
 *
 * **Shapes** x: [..., *normalizedShape]; result: the same. Parameters: `weight` (ones at first) and `bias` (zeros), of
 * shape normalizedShape. Options: `eps` (1e-5), `elementwiseAffine` (true), `bias` (true). Source: Ba et al. 2016.
 * @throws ShapeError if the input's last sizes differ.
 * @example
 * new LayerNorm(2).forward(tensor([[1, 3], [10, 30]], { dtype: "float32" })); // → [[-1.0000, 1.0000], [-1, 1]]
 */
export class LayerNorm extends Module {
  static readonly keepsNoTensors = true;
  readonly normalizedShape: readonly number[];
  readonly eps: number;
  readonly elementwiseAffine: boolean;
  weight: Parameter | null;
  bias: Parameter | null;

  constructor(normalizedShape: number | readonly number[], options: LayerNormOptions = {}) {
    super();
    const { eps = 1e-5, elementwiseAffine = true, bias = true } = options;
    this.normalizedShape = typeof normalizedShape === "number" ? [normalizedShape] : [...normalizedShape];
    this.eps = eps;
    this.elementwiseAffine = elementwiseAffine;
    this.weight = elementwiseAffine ? new Parameter(ones(this.normalizedShape)) : null;
    this.bias = elementwiseAffine && bias ? new Parameter(zeros(this.normalizedShape)) : null;
  }

  /** Sets the weight to ones and the bias to zeros. */
  resetParameters(): void {
    if (this.weight !== null) ones_(this.weight);
    if (this.bias !== null) zeros_(this.bias);
  }

  forward(x: Tensor): Tensor {
    return layerNorm(x, this.normalizedShape, this.weight, this.bias, { eps: this.eps });
  }

  override extraRepr(): string {
    return `${showSize(this.normalizedShape)}, eps=${showFloat(this.eps)}, elementwise_affine=${showBool(this.elementwiseAffine)}`;
  }
}
