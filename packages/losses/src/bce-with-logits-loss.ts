import { Module } from "@kindling/nn";
import { binaryCrossEntropyWithLogits, type LogitsOptions, type Tensor } from "@kindling/tensor";

/** Cross entropy of logits with targets from 0 to 1. See `binaryCrossEntropyWithLogits` for formula, shapes and errors. */
export class BCEWithLogitsLoss extends Module {
  /** Rescaling of the terms: a buffer. */
  weight: Tensor | null;
  /** Rescaling of the positive terms: a buffer. */
  posWeight: Tensor | null;
  readonly options: Omit<LogitsOptions, "weight" | "posWeight">;

  constructor(options: LogitsOptions = {}) {
    super();
    const { weight = null, posWeight = null, ...rest } = options;
    this.weight = weight;
    this.posWeight = posWeight;
    this.options = rest;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, posWeight } = this;
    return binaryCrossEntropyWithLogits(input, target, { ...this.options, weight, posWeight });
  }
}
