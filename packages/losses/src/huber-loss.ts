import { huberLoss, type ReductionOptions, type Tensor } from "@kindling/tensor";
import { Loss } from "./loss.js";

/**
 * Squared where near, linear where far. With `d = |input − target|`: `d² / 2` up to `delta`, else
 * `delta · (d − delta/2)`.
 *
 * **Shapes** input and target broadcast; result: a scalar, or with `reduction: "none"` their common shape.
 *
 * Options and defaults: `delta` 1; `reduction` "mean", "sum" or "none". Source: Huber 1964.
 * @throws ShapeError if the shapes do not broadcast; UsageError unless delta is positive.
 * @example new HuberLoss({ delta: 0.5 }).forward(tensor([0.5, 2]), tensor([1, 0])); // → 0.5
 */
export class HuberLoss extends Loss {
  readonly delta: number;

  constructor(options: ReductionOptions & { delta?: number } = {}) {
    super(options);
    this.delta = options.delta ?? 1;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return huberLoss(input, target, { delta: this.delta, reduction: this.reduction });
  }
}
