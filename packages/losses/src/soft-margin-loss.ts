import { softMarginLoss, type Tensor } from "@kindling/tensor";
import { Loss } from "./loss.js";

/**
 * Logistic loss of two classes, `ln(1 + exp(−target · input))`, without overflow.
 *
 * **Shapes** input and target (1 or −1) broadcast; result: a scalar, or with `reduction: "none"` their common shape.
 *
 * Options and defaults: `reduction` "mean", "sum" or "none".
 * @throws ShapeError if the shapes do not broadcast.
 * @example new SoftMarginLoss().forward(tensor([0.5, -1]), tensor([1, -1])); // → 0.3937
 */
export class SoftMarginLoss extends Loss {
  forward(input: Tensor, target: Tensor): Tensor {
    return softMarginLoss(input, target, { reduction: this.reduction });
  }
}
