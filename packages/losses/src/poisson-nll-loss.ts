import { type PoissonNllOptions, poissonNllLoss, type Tensor } from "@kindling/tensor";
import { Loss } from "./loss.js";

/**
 * Negative log likelihood of counts under a Poisson distribution: `exp(input) − target · input`, or without `logInput`
 * `input − target · ln(input + eps)`.
 *
 * **Shapes** input and target broadcast; result: a scalar, or with `reduction: "none"` their common shape.
 *
 * Options and defaults: `logInput` true: whether the input is the logarithm of the expected number; `full` false: whether
 * to add Stirling's approximation of `ln target!`; `eps` 1e-8; `reduction` "mean", "sum" or "none".
 * @throws ShapeError if the shapes do not broadcast.
 * @example new PoissonNLLLoss().forward(tensor([0.5, 1]), tensor([3, 2])); // → 0.4335
 */
export class PoissonNLLLoss extends Loss {
  readonly logInput: boolean;
  readonly full: boolean;
  readonly eps: number;

  constructor(options: PoissonNllOptions = {}) {
    super(options);
    this.logInput = options.logInput ?? true;
    this.full = options.full ?? false;
    this.eps = options.eps ?? 1e-8;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { logInput, full, eps, reduction } = this;
    return poissonNllLoss(input, target, { logInput, full, eps, reduction });
  }
}
