import { type NllLossOptions, nllLoss, type Tensor } from "@kindling/tensor";
import { WeightedLoss } from "./loss.js";

/**
 * Negative log likelihood of class labels, `−weight[target] · input[target]`, where input holds log probabilities, as
 * `LogSoftmax` gives them.
 *
 * **Shapes** input: [N, C], [N, C, ...] or [C]; target (integers): [N], [N, ...] or []; result: a scalar, or with
 * `reduction: "none"` one value per position.
 *
 * Options and defaults: `weight` none, a factor for each class [C] (the mean is over the weights used); `ignoreIndex`
 * −100, a label that does not count; `reduction` "mean", "sum" or "none".
 * @throws ShapeError for a target that does not fit, or for a label out of range, naming label, position and range.
 * @example
 * const logits = tensor([[2, 0], [0, 0]], { dtype: "float32" });
 * new NLLLoss().forward(logits.logSoftmax(1), tensor([0, 1])); // → 0.4100
 */
export class NLLLoss extends WeightedLoss {
  readonly ignoreIndex: number;

  constructor(options: NllLossOptions = {}) {
    super(options);
    this.ignoreIndex = options.ignoreIndex ?? -100;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignoreIndex, reduction } = this;
    return nllLoss(input, target, { weight, ignoreIndex, reduction });
  }
}
