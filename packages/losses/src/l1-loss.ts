import { Module } from "@kindling/nn";
import { l1Loss, type ReductionOptions, type Tensor } from "@kindling/tensor";

/** Absolute difference. See `l1Loss` for formula, shapes and errors. */
export class L1Loss extends Module {
  readonly options: ReductionOptions;

  constructor(options: ReductionOptions = {}) {
    super();
    this.options = options;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return l1Loss(input, target, this.options);
  }
}
