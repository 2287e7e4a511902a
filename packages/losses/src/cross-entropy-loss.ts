import { type CrossEntropyOptions, crossEntropy, type Tensor } from "@kindling/tensor";
import { WeightedLoss } from "./loss.js";

/**
 * Cross entropy of logits, `−ln softmax(input)[target]`: the usual loss of classification, with class labels or with a
 * probability for each class. It applies the softmax itself.
 *
 * **Shapes** input: [N, C], [N, C, ...] or [C]; target: labels (integers) [N], [N, ...] or [], or probabilities of the
 * input's shape; result: a scalar, or with `reduction: "none"` one value per position.
 *
 * Options and defaults: `weight` none, a factor for each class [C] (the mean is over the weights used); `ignoreIndex`
 * −100, a label that does not count; `labelSmoothing` 0, the share of the target that is spread over all classes;
 * `reduction` "mean", "sum" or "none".
 * @throws ShapeError for a target that does not fit, or for a label out of range, naming label, position and range;
 * UsageError for a bad option.
 * @example
 * const logits = tensor([[2, 0], [0, 0]], { dtype: "float32", requiresGrad: true });
 * const loss = new CrossEntropyLoss().forward(logits, tensor([0, 1]));
 * loss; // → 0.4100
 * loss.backward();
 * logits.grad; // → [[-0.0596, 0.0596], [0.25, -0.25]]
 */
export class CrossEntropyLoss extends WeightedLoss {
  readonly ignoreIndex: number;
  readonly labelSmoothing: number;

  constructor(options: CrossEntropyOptions = {}) {
    super(options);
    this.ignoreIndex = options.ignoreIndex ?? -100;
    this.labelSmoothing = options.labelSmoothing ?? 0;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignoreIndex, labelSmoothing, reduction } = this;
    return crossEntropy(input, target, { weight, ignoreIndex, labelSmoothing, reduction });
  }
}
