import { Module } from "@kindling/nn";
import { binaryCrossEntropy, type Tensor, type WeightedOptions } from "@kindling/tensor";

/** Cross entropy of probabilities with targets from 0 to 1. See `binaryCrossEntropy` for formula, shapes and errors. */
export class BCELoss extends Module {
  /** Rescaling of the terms: a buffer. */
  weight: Tensor | null;
  readonly options: Omit<WeightedOptions, "weight">;

  constructor(options: WeightedOptions = {}) {
    super();
    const { weight = null, ...rest } = options;
    this.weight = weight;
    this.options = rest;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return binaryCrossEntropy(input, target, { ...this.options, weight: this.weight });
  }
}
