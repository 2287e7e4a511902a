import { empty, linear, type Tensor } from "@kindling/tensor";
import { fans, kaimingUniform_, uniform_ } from "../init.js";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";
import { showBool } from "../repr.js";

/** PyTorch's initialisation of linear and convolutional layers: weight first, then bias. */
export function resetAffine(weight: Tensor, bias: Tensor | null): void {
  kaimingUniform_(weight, { a: Math.sqrt(5) });
  const { fanIn } = fans(weight);
  if (bias !== null && fanIn > 0) uniform_(bias, -1 / Math.sqrt(fanIn), 1 / Math.sqrt(fanIn));
}

/** Options of {@link Linear}. */
export interface LinearOptions {
  /** Whether something is added. Default true. */
  bias?: boolean;
}

/**
 * `y = x · weightᵀ + bias`. Weight and bias begin uniform on ±1/√inFeatures.
 *
 * **Shapes** x: [..., inFeatures]; result: [..., outFeatures]. Parameters: `weight` [outFeatures, inFeatures], `bias`
 * [outFeatures]. Options: `bias` (true).
 * @throws ShapeError if the last dimension is not `inFeatures`.
 * @example new Linear(4, 2).forward(randn([8, 4])).shape; // → [8, 2]
 */
export class Linear extends Module {
  static readonly keepsNoTensors = true;
  readonly inFeatures: number;
  readonly outFeatures: number;
  weight: Parameter;
  bias: Parameter | null;

  constructor(inFeatures: number, outFeatures: number, options: LinearOptions = {}) {
    super();
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.weight = new Parameter(empty([outFeatures, inFeatures]));
    this.bias = (options.bias ?? true) ? new Parameter(empty([outFeatures])) : null;
    this.resetParameters();
  }

  /** Draws weight and bias anew. */
  resetParameters(): void {
    resetAffine(this.weight, this.bias);
  }

  forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias);
  }

  override extraRepr(): string {
    return `in_features=${this.inFeatures}, out_features=${this.outFeatures}, bias=${showBool(this.bias !== null)}`;
  }
}
