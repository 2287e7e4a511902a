import { type ReductionOptions, smoothL1Loss, type Tensor } from "@kindling/tensor";
import { Loss } from "./loss.js";

/**
 * Squared where near, absolute where far. With `d = |input − target|`: `d² / (2·beta)` below `beta`, else `d − beta/2`.
 *
 * **Shapes** input and target broadcast; result: a scalar, or with `reduction: "none"` their common shape.
 *
 * Options and defaults: `beta` 1 (0 is `L1Loss`); `reduction` "mean", "sum" or "none". Source: Girshick 2015.
 * @throws ShapeError if the shapes do not broadcast; UsageError for a negative beta.
 * @example new SmoothL1Loss({ beta: 0.5 }).forward(tensor([0.5, 2]), tensor([1, 0])); // → 1
 */
export class SmoothL1Loss extends Loss {
  readonly beta: number;

  constructor(options: ReductionOptions & { beta?: number } = {}) {
    super(options);
    this.beta = options.beta ?? 1;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return smoothL1Loss(input, target, { beta: this.beta, reduction: this.reduction });
  }
}
