import { hingeEmbeddingLoss, type MarginOptions, type Tensor } from "@kindling/tensor";
import { Loss } from "./loss.js";

/**
 * Loss of a distance that should be small where the target is 1 and large where it is −1: `input`, or
 * `max(0, margin − input)`.
 *
 * **Shapes** input and target (1 or −1) broadcast; result: a scalar, or with `reduction: "none"` their common shape.
 *
 * Options and defaults: `margin` 1; `reduction` "mean", "sum" or "none".
 * @throws ShapeError if the shapes do not broadcast.
 * @example
 * new HingeEmbeddingLoss({ reduction: "none" }).forward(tensor([0.25, 0.25]), tensor([1, -1])); // → [0.25, 0.75]
 */
export class HingeEmbeddingLoss extends Loss {
  readonly margin: number;

  constructor(options: MarginOptions = {}) {
    super(options);
    this.margin = options.margin ?? 1;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return hingeEmbeddingLoss(input, target, { margin: this.margin, reduction: this.reduction });
  }
}
