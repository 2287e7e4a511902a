import { Module } from "@kindling/nn";
import { mseLoss, type ReductionOptions, type Tensor } from "@kindling/tensor";

/** Squared difference. See `mseLoss` for formula, shapes and errors. */
export class MSELoss extends Module {
  readonly options: ReductionOptions;

  constructor(options: ReductionOptions = {}) {
    super();
    this.options = options;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return mseLoss(input, target, this.options);
  }
}
