import { type GaussianNllOptions, gaussianNllLoss, type Tensor } from "@kindling/tensor";
import { Loss } from "./loss.js";

/**
 * Negative log likelihood under normal distributions whose variance is learned too:
 * `(ln v + (input − target)² / v) / 2` with `v = max(variance, eps)`.
 *
 * **Shapes** input and target broadcast; variance: a number, the input's shape, or that without its last dimension or with
 * one dimension of size 1; result: a scalar, or with `reduction: "none"` the common shape.
 *
 * Options and defaults: `full` false: whether to add the constant `ln(2π) / 2`; `eps` 1e-6; `reduction` "mean", "sum" or
 * "none". Source: Nix & Weigend 1994.
 * @throws ShapeError for a variance that does not fit; UsageError for a negative one.
 * @example new GaussianNLLLoss().forward(tensor([0.5, 2]), tensor([0.5, 0]), tensor([0.25, 4])); // → 0.25
 */
export class GaussianNLLLoss extends Loss {
  readonly full: boolean;
  readonly eps: number;

  constructor(options: GaussianNllOptions = {}) {
    super(options);
    this.full = options.full ?? false;
    this.eps = options.eps ?? 1e-6;
  }

  forward(input: Tensor, target: Tensor, variance: Tensor | number): Tensor {
    const { full, eps, reduction } = this;
    return gaussianNllLoss(input, target, variance, { full, eps, reduction });
  }
}
