import { Module } from "@kindling/nn";
import { type CrossEntropyOptions, crossEntropy, type Tensor } from "@kindling/tensor";

/** Cross entropy of logits with class indices or class probabilities. See `crossEntropy` for formula, shapes and errors. */
export class CrossEntropyLoss extends Module {
  /** Rescaling of the terms: a buffer. */
  weight: Tensor | null;
  readonly options: Omit<CrossEntropyOptions, "weight">;

  constructor(options: CrossEntropyOptions = {}) {
    super();
    const { weight = null, ...rest } = options;
    this.weight = weight;
    this.options = rest;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return crossEntropy(input, target, { ...this.options, weight: this.weight });
  }
}
