import { Module } from "@kindling/nn";
import type { Reduction, Tensor, WeightedOptions } from "@kindling/tensor";

/** What all losses share: what becomes of the losses of the elements. */
export abstract class Loss<R extends string = Reduction> extends Module {
  readonly reduction: R | "mean";

  constructor(options: { reduction?: R } = {}) {
    super();
    this.reduction = options.reduction ?? "mean";
  }
}

/** A loss with factors for its terms, which move and are saved with the module as a buffer. */
export abstract class WeightedLoss extends Loss {
  weight: Tensor | null;

  constructor(options: WeightedOptions = {}) {
    super(options);
    this.weight = options.weight ?? null;
  }
}
