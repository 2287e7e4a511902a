import {
  pairwiseDistance,
  type Tensor,
  type TripletMarginWithDistanceOptions,
  tripletMarginWithDistanceLoss,
} from "@kindling/tensor";
import { Loss } from "./loss.js";

/**
 * `TripletMarginLoss` with a distance of your own: a function, or a module's `forward` bound to it.
 *
 * **Shapes** what the distance takes; result: a scalar, or with `reduction: "none"` what it gives.
 *
 * Options and defaults: `distanceFunction` `pairwiseDistance`; `margin` 1; `swap` false: whether the negative counts as
 * near too if it is near the positive; `reduction` "mean", "sum" or "none".
 * @throws ShapeError for numbers of dimensions that differ; UsageError unless the margin is positive.
 * @example
 * const [anchor, near, far] = [zeros(1, 2), tensor([[0.5, 0]]), tensor([[0, 1.25]])];
 * const largest = (a: Tensor, b: Tensor) => a.sub(b).abs().amax(-1);
 * new TripletMarginWithDistanceLoss({ distanceFunction: largest }).forward(anchor, near, far); // → 0.25
 */
export class TripletMarginWithDistanceLoss extends Loss {
  readonly distanceFunction: (a: Tensor, b: Tensor) => Tensor;
  readonly margin: number;
  readonly swap: boolean;

  constructor(options: TripletMarginWithDistanceOptions = {}) {
    super(options);
    this.distanceFunction = options.distanceFunction ?? ((a, b) => pairwiseDistance(a, b));
    this.margin = options.margin ?? 1;
    this.swap = options.swap ?? false;
  }

  forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    const { distanceFunction, margin, swap, reduction } = this;
    return tripletMarginWithDistanceLoss(anchor, positive, negative, { distanceFunction, margin, swap, reduction });
  }
}
