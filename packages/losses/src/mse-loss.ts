import { mseLoss, type Tensor } from "@kindling/tensor";
import { Loss } from "./loss.js";

/**
 * Squared difference, `(input − target)²`.
 *
 * **Shapes** input and target broadcast; result: a scalar, or with `reduction: "none"` their common shape.
 *
 * Options and defaults: `reduction` "mean", "sum" or "none".
 * @throws ShapeError if the shapes do not broadcast.
 * @example new MSELoss().forward(tensor([0.5, 2]), tensor([1.5, 0])); // → 2.5
 */
export class MSELoss extends Loss {
  forward(input: Tensor, target: Tensor): Tensor {
    return mseLoss(input, target, { reduction: this.reduction });
  }
}
