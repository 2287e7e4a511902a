import { binaryCrossEntropyWithLogits, type LogitsOptions, type Tensor } from "@kindling/tensor";
import { WeightedLoss } from "./loss.js";

/**
 * Cross entropy of logits with targets from 0 to 1: `BCELoss` of `sigmoid(input)`, without the rounding of the sigmoid.
 *
 * **Shapes** input: any; target: the same; result: a scalar, or with `reduction: "none"` the input's shape.
 *
 * Options and defaults: `weight` none, a factor for each element (broadcasts); `posWeight` none, a factor of the
 * positive part, usually one for each class (broadcasts); `reduction` "mean", "sum" or "none".
 * @throws ShapeError for a target of another shape.
 * @example
 * const [logits, target] = [tensor([0.5, -2]), tensor([1, 0], { dtype: "float32" })];
 * new BCEWithLogitsLoss({ posWeight: tensor([3]) }).forward(logits, target); // → 0.7746
 */
export class BCEWithLogitsLoss extends WeightedLoss {
  posWeight: Tensor | null;

  constructor(options: LogitsOptions = {}) {
    super(options);
    this.posWeight = options.posWeight ?? null;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, posWeight, reduction } = this;
    return binaryCrossEntropyWithLogits(input, target, { weight, posWeight, reduction });
  }
}
