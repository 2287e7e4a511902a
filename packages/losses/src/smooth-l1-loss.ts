import { Module } from "@kindling/nn";
import { type ReductionOptions, smoothL1Loss, type Tensor } from "@kindling/tensor";

/** Squared below `beta`, absolute above. See `smoothL1Loss` for formula, shapes and errors. */
export class SmoothL1Loss extends Module {
  readonly options: ReductionOptions & { beta?: number };

  constructor(options: ReductionOptions & { beta?: number } = {}) {
    super();
    this.options = options;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return smoothL1Loss(input, target, this.options);
  }
}
