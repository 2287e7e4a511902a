import { allocate } from "../allocate.js";
import { isFloatingPoint } from "../dtype.js";
import { DTypeError, ShapeError, UsageError } from "../errors.js";
import { code, kernels } from "../launch.js";
import { recordAll } from "../recorder.js";
import { formatShape, numberOfElements, sameShape } from "../shape.js";
import { composite } from "../storage.js";
import type { Tensor } from "../tensor.js";
import { checkReduction, type Reduction, type ReductionOptions } from "./loss-reduction.js";
import { dense, splitAround } from "./reduce.js";
import { where } from "./where.js";

/** Options of {@link nllLoss}. */
export interface NllLossOptions extends ReductionOptions {
  /** Factor of each class [C]; the mean is over the weights used. */
  weight?: Tensor | null;
  /** Targets of this class do not count. Default −100. */
  ignoreIndex?: number;
}

/** Options of {@link crossEntropy}. */
export interface CrossEntropyOptions extends NllLossOptions {
  /** Share of the target that is spread evenly over all classes, 0 to 1. Default 0. */
  labelSmoothing?: number;
}

/** Losses and weights per position, by the recorded primitive. Sizes are checked here, labels by the kernel. */
function pickClasses(
  op: string,
  x: Tensor,
  target: Tensor,
  weight: Tensor | null,
  ignoreIndex: number,
): readonly [losses: Tensor, weights: Tensor] {
  if (!isFloatingPoint(x.dtype)) throw new DTypeError(`${op}: expected a floating point input, got ${x.dtype}`);
  if (isFloatingPoint(target.dtype) || target.dtype === "bool") {
    throw new DTypeError(`${op}: expected integer class labels, got ${target.dtype}; convert with .to("int32")`);
  }
  const { outer, n: classes, inner } = splitAround(x.shape, 1);
  const expected = [x.shape[0] as number, ...x.shape.slice(2)];
  if (!sameShape(target.shape, expected)) {
    throw new ShapeError(
      `${op}: expected a target of shape ${formatShape(expected)} for input ${formatShape(x.shape)}, got ${formatShape(target.shape)}`,
    );
  }
  if (weight !== null && !(weight.ndim === 1 && weight.shape[0] === classes)) {
    throw new ShapeError(
      `${op}: expected a weight for each of the ${classes} classes, got ${formatShape(weight.shape)}`,
    );
  }
  const losses = allocate(target.shape, x.dtype);
  const weights = allocate(target.shape, x.dtype);
  const labels = target.dtype === "int32" ? target : target.to("int32");
  if (numberOfElements(target.shape) > 0) {
    const source = dense(x);
    const index = dense(labels);
    const scale = weight === null ? null : dense(weight.detach().to(x.dtype));
    const wrong = kernels.nllLoss(
      code(x.dtype),
      outer,
      classes,
      inner,
      source.address,
      index.address,
      scale === null ? 0 : scale.address,
      ignoreIndex,
      losses.address,
      weights.address,
    );
    if (wrong >= 0) {
      const label = index.toTypedArray()[wrong];
      throw new ShapeError(
        `${op}: label ${label} (position ${wrong} of the target) is out of range for ${classes} classes; expected 0 to ${classes - 1}, or ignoreIndex ${ignoreIndex}`,
      );
    }
  }
  recordAll("nllLoss", [x, labels, weight], [losses, weights], { ignoreIndex });
  // The weights do not depend on x: no gradient goes back through them.
  return [losses, weights.detach()];
}

function reduceWeighted(losses: Tensor, weights: Tensor, reduction: Reduction): Tensor {
  if (reduction === "none") return losses;
  const total = losses.sum();
  return reduction === "sum" ? total : total.div(weights.sum());
}

/**
 * Negative log likelihood of class labels: `−weight[t] · x[t]`, where x holds log probabilities.
 *
 * **Shapes** x: [N, C], [N, C, ...] or [C]; target (integers): [N], [N, ...] or []; result: a scalar, or with
 * `reduction: "none"` the target's shape. Options: `weight` [C], `ignoreIndex` (−100), `reduction` ("mean", over the weights used).
 * @throws ShapeError for a target that does not fit, or a label out of range.
 * @example nllLoss(tensor([[0.5, -2], [-1, 0]]), tensor([1, 0])); // → 1.5
 */
export function nllLoss(x: Tensor, target: Tensor, options: NllLossOptions = {}): Tensor {
  const { weight = null, ignoreIndex = -100, reduction = "mean" } = options;
  checkReduction("nllLoss", reduction);
  if (x.ndim === 0) throw new ShapeError("nllLoss: expected an input [N, C, ...] or [C], got a scalar");
  if (x.ndim === 1 && target.ndim === 0) {
    const [losses, weights] = pickClasses("nllLoss", x.unsqueeze(0), target.unsqueeze(0), weight, ignoreIndex);
    return reduceWeighted(reduction === "none" ? losses.squeeze(0) : losses, weights, reduction);
  }
  if (x.ndim === 1) throw targetMismatch("nllLoss", x, target);
  const [losses, weights] = pickClasses("nllLoss", x, target, weight, ignoreIndex);
  return reduceWeighted(losses, weights, reduction);
}

function targetMismatch(op: string, x: Tensor, target: Tensor): ShapeError {
  return new ShapeError(`${op}: a target ${formatShape(target.shape)} does not fit input ${formatShape(x.shape)}`);
}

/** Cross entropy with a probability for each class. */
function crossEntropyOfProbabilities(
  x: Tensor,
  target: Tensor,
  weight: Tensor | null,
  smoothing: number,
  reduction: Reduction,
): Tensor {
  const dim = x.ndim === 1 ? 0 : 1;
  const classes = x.shape[dim] as number;
  if (weight !== null && !(weight.ndim === 1 && weight.shape[0] === classes)) {
    throw new ShapeError(
      `crossEntropy: expected a weight for each of the ${classes} classes, got ${formatShape(weight.shape)}`,
    );
  }
  const smooth = smoothing > 0 ? target.mul(1 - smoothing).add(smoothing / classes) : target;
  const logProbabilities = x.logSoftmax(dim);
  const perClass =
    weight === null ? smooth : smooth.mul(weight.reshape([-1, ...Array<number>(x.ndim - 1 - dim).fill(1)]));
  const products = logProbabilities.mul(perClass);
  if (reduction === "none") return products.sum(dim).neg();
  const total = products.sum().neg();
  return reduction === "sum" ? total : total.div(x.numel() / classes);
}

/** Label smoothing: the part of the loss in which every class is equally likely. */
function smoothLoss(
  logProbabilities: Tensor,
  target: Tensor,
  weights: Tensor,
  weight: Tensor | null,
  ignoreIndex: number,
  reduction: Reduction,
): Tensor {
  const perClass =
    weight === null
      ? logProbabilities
      : logProbabilities.mul(weight.reshape([-1, ...Array<number>(logProbabilities.ndim - 2).fill(1)]));
  const losses = where(target.eq(ignoreIndex), 0, perClass.sum(1).neg());
  return reduceWeighted(losses, weights, reduction);
}

/**
 * Cross entropy of logits: `−ln softmax(x)[t]`, the usual loss of classification.
 *
 * **Shapes** x: [N, C], [N, C, ...] or [C]; target: class labels (integers) [N], [N, ...] or [], or class probabilities of
 * the shape of x; result: a scalar, or with `reduction: "none"` one value per position.
 * Options: `weight` [C], `ignoreIndex` (−100, labels only), `labelSmoothing` (0), `reduction` ("mean").
 * @throws ShapeError for a target that does not fit, or a label out of range; UsageError for a bad option.
 * @example
 * const logits = tensor([[2, 0], [0, 0]], { dtype: "float32" });
 * crossEntropy(logits, tensor([0, 1]), { reduction: "none" }); // → [0.1269, 0.6931]
 * crossEntropy(logits, tensor([0, 1])); // → 0.4100
 */
export function crossEntropy(x: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor {
  return composite(() => composeCrossEntropy(x, target, options));
}

function composeCrossEntropy(x: Tensor, target: Tensor, options: CrossEntropyOptions): Tensor {
  const op = "crossEntropy";
  const { weight = null, ignoreIndex = -100, labelSmoothing = 0, reduction = "mean" } = options;
  checkReduction(op, reduction);
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new UsageError(`${op}: labelSmoothing must be between 0 and 1, got ${labelSmoothing}`);
  }
  if (x.ndim === 0) throw new ShapeError(`${op}: expected an input [N, C, ...] or [C], got a scalar`);
  if (sameShape(x.shape, target.shape) && isFloatingPoint(target.dtype)) {
    return crossEntropyOfProbabilities(x, target, weight, labelSmoothing, reduction);
  }
  if (x.ndim === 1) {
    if (target.ndim !== 0) throw targetMismatch(op, x, target);
    const result = composeCrossEntropy(x.unsqueeze(0), target.unsqueeze(0), options);
    return reduction === "none" ? result.squeeze(0) : result;
  }
  const logProbabilities = x.logSoftmax(1);
  const [losses, weights] = pickClasses(op, logProbabilities, target, weight, ignoreIndex);
  const loss = reduceWeighted(losses, weights, reduction);
  if (labelSmoothing === 0) return loss;
  const even = smoothLoss(logProbabilities, target, weights, weight, ignoreIndex, reduction);
  return loss.mul(1 - labelSmoothing).add(even, { alpha: labelSmoothing / (x.shape[1] as number) });
}
