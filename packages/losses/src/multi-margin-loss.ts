import { type MultiMarginOptions, multiMarginLoss, type Tensor } from "@kindling/tensor";
import { WeightedLoss } from "./loss.js";

/**
 * Multi-class hinge loss: the sum over classes i ≠ t of `weight[t] · max(0, margin − x[t] + x[i])ᵖ`, divided by C.
 *
 * **Shapes** input: [N, C] or [C]; target (integers): [N], of one sample []; result: a scalar, or with
 * `reduction: "none"` the target's shape.
 *
 * Options and defaults: `p` 1 (or 2); `margin` 1; `weight` none, a factor for each class [C]; `reduction` "mean", "sum"
 * or "none".
 * @throws ShapeError for a target that does not fit, or a label out of range; UsageError for another p.
 * @example new MultiMarginLoss({ p: 2 }).forward(tensor([[0.5, 1, 2]]), tensor([1])); // → 1.4167
 */
export class MultiMarginLoss extends WeightedLoss {
  readonly p: number;
  readonly margin: number;

  constructor(options: MultiMarginOptions = {}) {
    super(options);
    this.p = options.p ?? 1;
    this.margin = options.margin ?? 1;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { p, margin, weight, reduction } = this;
    return multiMarginLoss(input, target, { p, margin, weight, reduction });
  }
}
