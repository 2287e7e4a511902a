import { type CtcOptions, ctcLoss, type Lengths, type Tensor } from "@kindling/tensor";
import { Loss } from "./loss.js";

/**
 * Connectionist temporal classification, for labels whose places in the sequence are not known: minus the logarithm of
 * how probable the labels are when every step says a label or a blank, and repeats count once. "mean" divides each loss
 * by the number of its labels first.
 *
 * **Shapes** logProbs: [T, N, C], or [T, C] of one sample; targets (integers): [N, S] with anything after each sample's
 * labels, or [S] the labels of all samples one after another; inputLengths, targetLengths: N integers, of one sample also
 * a number; result: a scalar, or with `reduction: "none"` [N] or [].
 *
 * Options and defaults: `blank` 0, the class that stands for no label; `zeroInfinity` false: whether losses of inputs too
 * short for their labels, which are infinite, and their gradients count as 0; `reduction` "mean", "sum" or "none".
 * Source: Graves et al. 2006.
 * @throws ShapeError for sizes or lengths that do not fit, or a label out of range; UsageError for such a blank.
 * @example
 * const logProbs = zeros(4, 1, 3).logSoftmax(2);
 * new CTCLoss({ zeroInfinity: true }).forward(logProbs, tensor([[1, 2]]), tensor([4]), tensor([2])); // → 0.8432
 */
export class CTCLoss extends Loss {
  readonly blank: number;
  readonly zeroInfinity: boolean;

  constructor(options: CtcOptions = {}) {
    super(options);
    this.blank = options.blank ?? 0;
    this.zeroInfinity = options.zeroInfinity ?? false;
  }

  forward(logProbs: Tensor, targets: Tensor, inputLengths: Lengths, targetLengths: Lengths): Tensor {
    const { blank, zeroInfinity, reduction } = this;
    return ctcLoss(logProbs, targets, inputLengths, targetLengths, { blank, zeroInfinity, reduction });
  }
}
