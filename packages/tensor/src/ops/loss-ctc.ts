import { allocate } from "../allocate.js";
import { isFloatingPoint, itemSize } from "../dtype.js";
import { DTypeError, ShapeError, UsageError } from "../errors.js";
import { code, kernels } from "../launch.js";
import { recordAll } from "../recorder.js";
import { withScratch } from "../scratch.js";
import { formatShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { fromArray } from "./creation.js";
import { checkReduction, type ReductionOptions } from "./loss-reduction.js";
import { dense } from "./reduce.js";
import { where } from "./where.js";

/** Options of {@link ctcLoss}. */
export interface CtcOptions extends ReductionOptions {
  /** The class that stands for no label. Default 0. */
  blank?: number;
  /** Whether infinite losses, of inputs too short for their labels, and their gradients are 0. Default false. */
  zeroInfinity?: boolean;
}

/** Lengths by sample: a tensor of integers, a list, or for one sample a number. */
export type Lengths = Tensor | readonly number[] | number;

const op = "ctcLoss";

function readIntegers(what: string, values: Lengths): number[] {
  if (typeof values === "number") return [values];
  if (Array.isArray(values)) return [...values];
  const { dtype } = values as Tensor;
  if (isFloatingPoint(dtype) || dtype === "bool") {
    throw new DTypeError(`${op}: expected ${what} of integers, got ${dtype}; convert with .to("int32")`);
  }
  return [...(values as Tensor).toTypedArray()];
}

function checkLengths(what: string, lengths: readonly number[], batch: number, most: number): void {
  if (lengths.length !== batch) {
    throw new ShapeError(`${op}: expected ${what} of ${batch} samples, got ${lengths.length}`);
  }
  const wrong = lengths.find((length) => !(Number.isInteger(length) && length >= 0 && length <= most));
  if (wrong === undefined) return;
  throw new ShapeError(`${op}: expected ${what} from 0 to ${most}, got ${wrong}`);
}

/** Labels as [batch, longest], from [batch, S] or one after another. */
function labelsOf(targets: Tensor, lengths: readonly number[], classes: number): Tensor {
  const batch = lengths.length;
  const values = readIntegers("targets", targets);
  const isPadded = targets.ndim === 2;
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (targets.ndim > 2 || targets.ndim === 0 || (isPadded && targets.shape[0] !== batch)) {
    throw new ShapeError(
      `${op}: expected targets [${batch}, S], or [S] one after another, got ${formatShape(targets.shape)}`,
    );
  }
  const width = isPadded ? (targets.shape[1] as number) : 0;
  if (isPadded) checkLengths("targetLengths", lengths, batch, width);
  else if (total !== values.length) {
    throw new ShapeError(`${op}: the targetLengths add up to ${total}, but there are ${values.length} targets`);
  }
  const longest = Math.max(1, ...lengths);
  const labels = new Int32Array(batch * longest);
  let next = 0;
  for (const [n, length] of lengths.entries()) {
    const start = isPadded ? n * width : next;
    for (let i = 0; i < length; i++) {
      const label = values[start + i] as number;
      if (!(label >= 0 && label < classes)) {
        throw new ShapeError(
          `${op}: label ${label} (number ${i} of sample ${n}) is out of range for ${classes} classes; expected 0 to ${classes - 1}`,
        );
      }
      labels[n * longest + i] = label;
    }
    next += length;
  }
  return fromArray(labels, [batch, longest], "int32");
}

/** The losses of the samples, by the recorded primitive; everything has been checked. */
function lossesOf(
  x: Tensor,
  labels: Tensor,
  lengths: Tensor,
  attributes: { blank: number; zeroInfinity: boolean },
): Tensor {
  const [time, batch, classes] = x.shape as [number, number, number];
  const longest = labels.shape[1] as number;
  // As the kernel wants its rows: two states of −∞, then the labels with blanks between them.
  const columns = 2 + Math.ceil((2 * longest + 1) / 16) * 16;
  const losses = allocate([batch], x.dtype);
  const alpha = allocate([batch, time, columns], x.dtype);
  if (batch > 0) {
    const source = dense(x);
    withScratch(2 * batch * columns * itemSize(x.dtype), (scratch) =>
      kernels.ctcLoss(
        code(x.dtype),
        time,
        batch,
        classes,
        columns,
        source.address,
        labels.address,
        longest,
        lengths.address,
        attributes.blank,
        alpha.address,
        losses.address,
        scratch,
      ),
    );
  }
  return recordAll("ctcLoss", [x, labels, lengths], [losses, alpha], attributes)[0] as Tensor;
}

/**
 * Connectionist temporal classification: minus the logarithm of how probable the labels are when every step says a label
 * or a blank, and repeats count once. "mean" divides each loss by the number of its labels first.
 *
 * **Shapes** logProbs: [T, N, C], or [T, C] of one sample; targets (integers): [N, S] with anything after each sample's
 * labels, or [S] the labels of all samples one after another; inputLengths, targetLengths: N integers, of one sample also a
 * number; result: a scalar, or with `reduction: "none"` [N] or [].
 * Options: `blank` (0), `zeroInfinity` (false), `reduction` ("mean"). Source: Graves et al. 2006.
 *
 * The gradient is that of the logits below a `logSoftmax`, which it passes unchanged, as in PyTorch; it cannot be
 * differentiated again.
 * @throws ShapeError for sizes or lengths that do not fit, or a label out of range; UsageError for such a blank.
 * @example
 * const logProbs = zeros(4, 1, 3).logSoftmax(2);
 * ctcLoss(logProbs, tensor([[1, 2]]), [4], [2]); // → 0.8432
 */
export function ctcLoss(
  logProbs: Tensor,
  targets: Tensor,
  inputLengths: Lengths,
  targetLengths: Lengths,
  options: CtcOptions = {},
): Tensor {
  const { blank = 0, zeroInfinity = false, reduction = "mean" } = options;
  checkReduction(op, reduction);
  if (!isFloatingPoint(logProbs.dtype)) {
    throw new DTypeError(`${op}: expected floating point log probabilities, got ${logProbs.dtype}`);
  }
  if (logProbs.ndim !== 3 && logProbs.ndim !== 2) {
    throw new ShapeError(`${op}: expected log probabilities [T, N, C] or [T, C], got ${formatShape(logProbs.shape)}`);
  }
  const isOne = logProbs.ndim === 2;
  const x = isOne ? logProbs.unsqueeze(1) : logProbs;
  const [time, batch, classes] = x.shape as [number, number, number];
  if (!(Number.isInteger(blank) && blank >= 0 && blank < classes)) {
    throw new UsageError(`${op}: blank must be one of the ${classes} classes, got ${blank}`);
  }
  const inputs = readIntegers("inputLengths", inputLengths);
  const counts = readIntegers("targetLengths", targetLengths);
  checkLengths("inputLengths", inputs, batch, time);
  checkLengths("targetLengths", counts, batch, targets.numel());
  const labels = labelsOf(targets, counts, classes);
  const lengths = fromArray([...inputs, ...counts], [2, batch], "int32");
  const all = lossesOf(x, labels, lengths, { blank, zeroInfinity });
  const losses = zeroInfinity ? where(all.eq(Number.POSITIVE_INFINITY), 0, all) : all;
  if (reduction === "none") return isOne ? losses.squeeze(0) : losses;
  if (reduction === "sum") return losses.sum();
  return losses.div(lengths.select(0, 1).clampMin(1)).mean();
}
