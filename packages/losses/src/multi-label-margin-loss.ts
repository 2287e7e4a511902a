import { multilabelMarginLoss, type Tensor } from "@kindling/tensor";
import { Loss } from "./loss.js";

/**
 * Hinge loss of several labels a sample: the sum over its labels j and all other classes i of
 * `max(0, 1 − (x[j] − x[i]))`, divided by C.
 *
 * **Shapes** input: [N, C] or [C]; target (integers): the same, each row its labels and then −1; result: a scalar, or
 * with `reduction: "none"` [N] or [].
 *
 * Options and defaults: `reduction` "mean", "sum" or "none".
 * @throws ShapeError for a target of another shape, or a label out of range.
 * @example
 * const scores = tensor([[0.1, 0.2, 0.4, 0.8]]);
 * new MultiLabelMarginLoss().forward(scores, tensor([[3, 0, -1, -1]])); // → 0.85
 */
export class MultiLabelMarginLoss extends Loss {
  forward(input: Tensor, target: Tensor): Tensor {
    return multilabelMarginLoss(input, target, { reduction: this.reduction });
  }
}
