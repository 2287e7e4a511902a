import { bilinear, empty, type Tensor } from "@kindling/tensor";
import { uniform_ } from "../init.js";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";
import { showBool } from "../repr.js";
import type { LinearOptions } from "./linear.js";

/**
 * `yₖ = input1 · weightₖ · input2ᵀ + biasₖ`. Weight and bias begin uniform on ±1/√in1Features.
 *
 * **Shapes** input1: [..., in1Features]; input2: [..., in2Features]; result: [..., outFeatures]. Parameters: `weight`
 * [outFeatures, in1Features, in2Features], `bias` [outFeatures]. Options: `bias` (true).
 * @throws ShapeError if the inputs do not fit.
 * @example new Bilinear(3, 4, 5).forward(randn([8, 3]), randn([8, 4])).shape; // → [8, 5]
 */
export class Bilinear extends Module {
  readonly in1Features: number;
  readonly in2Features: number;
  readonly outFeatures: number;
  weight: Parameter;
  bias: Parameter | null;

  constructor(in1Features: number, in2Features: number, outFeatures: number, options: LinearOptions = {}) {
    super();
    this.in1Features = in1Features;
    this.in2Features = in2Features;
    this.outFeatures = outFeatures;
    this.weight = new Parameter(empty([outFeatures, in1Features, in2Features]));
    this.bias = (options.bias ?? true) ? new Parameter(empty([outFeatures])) : null;
    this.resetParameters();
  }

  /** Draws weight and bias anew. */
  resetParameters(): void {
    const bound = 1 / Math.sqrt(this.in1Features);
    for (const parameter of this.parameters()) uniform_(parameter, -bound, bound);
  }

  forward(input1: Tensor, input2: Tensor): Tensor {
    return bilinear(input1, input2, this.weight, this.bias);
  }

  override extraRepr(): string {
    const { in1Features, in2Features, outFeatures, bias } = this;
    return `in1_features=${in1Features}, in2_features=${in2Features}, out_features=${outFeatures}, bias=${showBool(bias !== null)}`;
  }
}
