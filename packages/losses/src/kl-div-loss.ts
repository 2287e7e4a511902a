import { type KlDivOptions, klDiv, type Reduction, type Tensor } from "@kindling/tensor";
import { Loss } from "./loss.js";

/**
 * Kullback–Leibler divergence of a target from input, `t · (ln t − input)`, where input holds log probabilities.
 *
 * **Shapes** input and target broadcast; result: a scalar, or with `reduction: "none"` their common shape.
 *
 * Options and defaults: `reduction` "mean", "sum", "none", or "batchmean", which divides the sum by the first size and is
 * the divergence proper; `logTarget` false: whether the target holds log probabilities too.
 * @throws ShapeError if the shapes do not broadcast.
 * @example
 * const [logits, teacher] = [tensor([[0.5, 1.5]]), tensor([[1.5, 0.5]])];
 * new KLDivLoss({ reduction: "batchmean" }).forward(logits.logSoftmax(1), teacher.softmax(1)); // → 0.4621
 */
export class KLDivLoss extends Loss<Reduction | "batchmean"> {
  readonly logTarget: boolean;

  constructor(options: KlDivOptions = {}) {
    super(options);
    this.logTarget = options.logTarget ?? false;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return klDiv(input, target, { logTarget: this.logTarget, reduction: this.reduction });
  }
}
