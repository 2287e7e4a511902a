import { multilabelSoftMarginLoss, type Tensor } from "@kindling/tensor";
import { WeightedLoss } from "./loss.js";

/**
 * Binary cross entropy of the logits of several labels a sample, averaged over the classes:
 * `−(t · ln σ(x) + (1 − t) · ln σ(−x))`.
 *
 * **Shapes** input: [N, C] or [C]; target: the same, from 0 to 1; result: a scalar, or with `reduction: "none"` [N] or [].
 *
 * Options and defaults: `weight` none, a factor for each class [C]; `reduction` "mean", "sum" or "none".
 * @throws ShapeError for shapes that do not broadcast.
 * @example
 * new MultiLabelSoftMarginLoss().forward(tensor([[2, -1]], { dtype: "float32" }), tensor([[1, 0]])); // → 0.2201
 */
export class MultiLabelSoftMarginLoss extends WeightedLoss {
  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, reduction } = this;
    return multilabelSoftMarginLoss(input, target, { weight, reduction });
  }
}
