import { layerNorm, ones, type Tensor, zeros } from "@kindling/tensor";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";

/** Normalises over the last dimensions, `normalizedShape`; see `layerNorm`. Options: `eps` (default 1e-5), `elementwiseAffine` and `bias` (default true). */
export class LayerNorm extends Module {
  static readonly keepsNoTensors = true;
  readonly normalizedShape: readonly number[];
  readonly eps: number;
  weight: Parameter | null;
  bias: Parameter | null;

  constructor(
    normalizedShape: number | readonly number[],
    options: { eps?: number; elementwiseAffine?: boolean; bias?: boolean } = {},
  ) {
    super();
    const { eps = 1e-5, elementwiseAffine = true, bias = true } = options;
    this.normalizedShape = typeof normalizedShape === "number" ? [normalizedShape] : [...normalizedShape];
    this.eps = eps;
    this.weight = elementwiseAffine ? new Parameter(ones(this.normalizedShape)) : null;
    this.bias = elementwiseAffine && bias ? new Parameter(zeros(this.normalizedShape)) : null;
  }

  forward(x: Tensor): Tensor {
    return layerNorm(x, this.normalizedShape, this.weight, this.bias, { eps: this.eps });
  }
}
