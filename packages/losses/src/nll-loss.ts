import { Module } from "@kindling/nn";
import { type NllLossOptions, nllLoss, type Tensor } from "@kindling/tensor";

/** Negative log likelihood of class indices under log probabilities. See `nllLoss` for formula, shapes and errors. */
export class NLLLoss extends Module {
  /** Rescaling of the terms: a buffer. */
  weight: Tensor | null;
  readonly options: Omit<NllLossOptions, "weight">;

  constructor(options: NllLossOptions = {}) {
    super();
    const { weight = null, ...rest } = options;
    this.weight = weight;
    this.options = rest;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return nllLoss(input, target, { ...this.options, weight: this.weight });
  }
}
