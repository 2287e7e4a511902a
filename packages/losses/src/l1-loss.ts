import { l1Loss, type Tensor } from "@kindling/tensor";
import { Loss } from "./loss.js";

/**
 * Absolute difference, `|input − target|`.
 *
 * **Shapes** input and target broadcast; result: a scalar, or with `reduction: "none"` their common shape.
 *
 * Options and defaults: `reduction` "mean", "sum" or "none".
 * @throws ShapeError if the shapes do not broadcast.
 * @example new L1Loss().forward(tensor([0.5, 2]), tensor([1.5, 0])); // → 1.5
 */
export class L1Loss extends Loss {
  forward(input: Tensor, target: Tensor): Tensor {
    return l1Loss(input, target, { reduction: this.reduction });
  }
}
