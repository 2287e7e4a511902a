import { type Tensor, type TripletMarginOptions, tripletMarginLoss } from "@kindling/tensor";
import { Loss } from "./loss.js";

/**
 * Loss of an anchor that is not nearer to its positive than to its negative by a margin:
 * `max(0, d(anchor, positive) − d(anchor, negative) + margin)` with `d(a, b)` the p-norm of `a − b + eps`.
 *
 * **Shapes** all three: [N, D] or [D]; result: a scalar, or with `reduction: "none"` [N] or [].
 *
 * Options and defaults: `margin` 1; `p` 2; `eps` 1e-6; `swap` false: whether the negative counts as near too if it is
 * near the positive; `reduction` "mean", "sum" or "none". Source: Balntas et al. 2016.
 * @throws ShapeError for shapes that do not fit; UsageError unless the margin is positive.
 * @example
 * const [anchor, near, far] = [zeros(1, 2), tensor([[0.5, 0]]), tensor([[0, 1.25]])];
 * new TripletMarginLoss().forward(anchor, near, far); // → 0.25
 */
export class TripletMarginLoss extends Loss {
  readonly margin: number;
  readonly p: number;
  readonly eps: number;
  readonly swap: boolean;

  constructor(options: TripletMarginOptions = {}) {
    super(options);
    this.margin = options.margin ?? 1;
    this.p = options.p ?? 2;
    this.eps = options.eps ?? 1e-6;
    this.swap = options.swap ?? false;
  }

  forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    const { margin, p, eps, swap, reduction } = this;
    return tripletMarginLoss(anchor, positive, negative, { margin, p, eps, swap, reduction });
  }
}
