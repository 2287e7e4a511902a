import { binaryCrossEntropy, type Tensor } from "@kindling/tensor";
import { WeightedLoss } from "./loss.js";

/**
 * Cross entropy of probabilities with targets from 0 to 1, `−(t · ln x + (1 − t) · ln(1 − x))`, logarithms not below
 * −100. `BCEWithLogitsLoss` takes logits and is more accurate.
 *
 * **Shapes** input: any; target: the same; result: a scalar, or with `reduction: "none"` the input's shape.
 *
 * Options and defaults: `weight` none, a factor for each element (broadcasts); `reduction` "mean", "sum" or "none".
 * @throws UsageError for a probability outside 0 … 1; ShapeError for a target of another shape.
 * @example new BCELoss().forward(tensor([0.5, 0.9]), tensor([0, 1], { dtype: "float32" })); // → 0.3993
 */
export class BCELoss extends WeightedLoss {
  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, reduction } = this;
    return binaryCrossEntropy(input, target, { weight, reduction });
  }
}
