import { Module } from "@kindling/nn";
import { type KlDivOptions, klDiv, type Tensor } from "@kindling/tensor";

/** Kullback–Leibler divergence of log probabilities from a target. See `klDiv` for formula, shapes and errors. */
export class KLDivLoss extends Module {
  readonly options: KlDivOptions;

  constructor(options: KlDivOptions = {}) {
    super();
    this.options = options;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return klDiv(input, target, this.options);
  }
}
