import { cosineEmbeddingLoss, type MarginOptions, type Tensor } from "@kindling/tensor";
import { Loss } from "./loss.js";

/**
 * Whether two vectors point the same way. With c the cosine of their angle: `1 − c` where the target is 1,
 * `max(0, c − margin)` where it is −1.
 *
 * **Shapes** input1, input2: [N, D] with a target [N], or [D] with a target []; result: a scalar, or with
 * `reduction: "none"` the target's shape.
 *
 * Options and defaults: `margin` 0, from −1 to 1; `reduction` "mean", "sum" or "none".
 * @throws ShapeError for shapes that do not fit.
 * @example
 * const [a, b] = [tensor([[1, 0]], { dtype: "float32" }), tensor([[3, 4]], { dtype: "float32" })];
 * new CosineEmbeddingLoss().forward(a, b, tensor([1])); // → 0.4
 */
export class CosineEmbeddingLoss extends Loss {
  readonly margin: number;

  constructor(options: MarginOptions = {}) {
    super(options);
    this.margin = options.margin ?? 0;
  }

  forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return cosineEmbeddingLoss(input1, input2, target, { margin: this.margin, reduction: this.reduction });
  }
}
