import { type MarginOptions, marginRankingLoss, type Tensor } from "@kindling/tensor";
import { Loss } from "./loss.js";

/**
 * Loss of a wrong order of two scores, `max(0, −target · (input1 − input2) + margin)`; the target is 1 where the first
 * should rank higher, −1 where the second should.
 *
 * **Shapes** all three have as many dimensions and broadcast; result: a scalar, or with `reduction: "none"` their common
 * shape.
 *
 * Options and defaults: `margin` 0; `reduction` "mean", "sum" or "none".
 * @throws ShapeError for shapes that do not fit.
 * @example
 * const [better, worse] = [tensor([0.5, 2]), tensor([1.5, 1])];
 * new MarginRankingLoss({ margin: 0.5 }).forward(better, worse, ones(2)); // → 0.75
 */
export class MarginRankingLoss extends Loss {
  readonly margin: number;

  constructor(options: MarginOptions = {}) {
    super(options);
    this.margin = options.margin ?? 0;
  }

  forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return marginRankingLoss(input1, input2, target, { margin: this.margin, reduction: this.reduction });
  }
}
