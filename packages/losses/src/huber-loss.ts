import { Module } from "@kindling/nn";
import { huberLoss, type ReductionOptions, type Tensor } from "@kindling/tensor";

/** Squared below `delta`, linear above. See `huberLoss` for formula, shapes and errors. */
export class HuberLoss extends Module {
  readonly options: ReductionOptions & { delta?: number };

  constructor(options: ReductionOptions & { delta?: number } = {}) {
    super();
    this.options = options;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return huberLoss(input, target, this.options);
  }
}
