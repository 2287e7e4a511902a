import { allocate } from "../allocate.js";
import { isFloatingPoint } from "../dtype.js";
import { DTypeError, ShapeError, UsageError } from "../errors.js";
import { code, kernels } from "../launch.js";
import { noGrad, record, recordAll } from "../recorder.js";
import { formatShape, numberOfElements, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { dense, splitAround } from "./reduce.js";
import { where } from "./where.js";

/** What becomes of the losses of the elements: nothing, their mean or their sum. */
export type Reduction = "none" | "mean" | "sum";

export interface ReductionOptions {
  /** Default "mean". */
  reduction?: Reduction;
}

export interface NllLossOptions extends ReductionOptions {
  /** Factor of each class [C]; the mean is over the weights used. */
  weight?: Tensor | null;
  /** Targets of this class do not count. Default −100. */
  ignoreIndex?: number;
}

export interface CrossEntropyOptions extends NllLossOptions {
  /** Share of the target that is spread evenly over all classes, 0 to 1. Default 0. */
  labelSmoothing?: number;
}

export interface WeightedOptions extends ReductionOptions {
  /** Factor of each element; broadcasts. */
  weight?: Tensor | null;
}

export interface LogitsOptions extends WeightedOptions {
  /** Factor of the positive part of each class; broadcasts. */
  posWeight?: Tensor | null;
}

function checkReduction(op: string, reduction: string): void {
  if (reduction !== "none" && reduction !== "mean" && reduction !== "sum") {
    throw new UsageError(`${op}: reduction must be "none", "mean" or "sum", got ${JSON.stringify(reduction)}`);
  }
}

function reduceLoss(op: string, losses: Tensor, reduction: Reduction = "mean"): Tensor {
  checkReduction(op, reduction);
  if (reduction === "none") return losses;
  return reduction === "sum" ? losses.sum() : losses.mean();
}

function checkSameShape(op: string, x: Tensor, target: Tensor): void {
  if (!sameShape(x.shape, target.shape)) {
    throw new ShapeError(`${op}: expected a target of shape ${formatShape(x.shape)}, got ${formatShape(target.shape)}`);
  }
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
 * @example crossEntropy(tensor([[0, 0]], { dtype: "float32" }), tensor([1])).item(); // ln 2
 */
export function crossEntropy(x: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor {
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
    const result = crossEntropy(x.unsqueeze(0), target.unsqueeze(0), options);
    return reduction === "none" ? result.squeeze(0) : result;
  }
  const logProbabilities = x.logSoftmax(1);
  const [losses, weights] = pickClasses(op, logProbabilities, target, weight, ignoreIndex);
  const loss = reduceWeighted(losses, weights, reduction);
  if (labelSmoothing === 0) return loss;
  const even = smoothLoss(logProbabilities, target, weights, weight, ignoreIndex, reduction);
  return loss.mul(1 - labelSmoothing).add(even, { alpha: labelSmoothing / (x.shape[1] as number) });
}

/** `(x − target)²`. Options: `reduction` ("mean"). x and target broadcast. */
export function mseLoss(x: Tensor, target: Tensor, options: ReductionOptions = {}): Tensor {
  return reduceLoss("mseLoss", x.sub(target).square(), options.reduction);
}

/** `|x − target|`. Options: `reduction` ("mean"). x and target broadcast. */
export function l1Loss(x: Tensor, target: Tensor, options: ReductionOptions = {}): Tensor {
  return reduceLoss("l1Loss", x.sub(target).abs(), options.reduction);
}

/**
 * With `d = |x − target|`: `d² / (2·beta)` below `beta` (default 1), else `d − beta/2`. Options: `beta`, `reduction` ("mean").
 *
 * @throws UsageError for a negative beta.
 */
export function smoothL1Loss(x: Tensor, target: Tensor, options: ReductionOptions & { beta?: number } = {}): Tensor {
  const { beta = 1, reduction } = options;
  if (!(beta >= 0)) throw new UsageError(`smoothL1Loss: beta must be at least 0, got ${beta}`);
  if (beta === 0) return l1Loss(x, target, options);
  const difference = x.sub(target);
  const distance = difference.abs();
  const near = difference.square().mul(0.5 / beta);
  return reduceLoss("smoothL1Loss", where(distance.lt(beta), near, distance.sub(0.5 * beta)), reduction);
}

/**
 * With `d = |x − target|`: `d² / 2` up to `delta` (default 1), else `delta · (d − delta/2)`. Options: `delta`, `reduction` ("mean").
 *
 * @throws UsageError unless delta is positive.
 */
export function huberLoss(x: Tensor, target: Tensor, options: ReductionOptions & { delta?: number } = {}): Tensor {
  const { delta = 1, reduction } = options;
  if (!(delta > 0)) throw new UsageError(`huberLoss: delta must be positive, got ${delta}`);
  const difference = x.sub(target);
  const distance = difference.abs();
  const near = difference.square().mul(0.5);
  const far = distance.sub(0.5 * delta).mul(delta);
  return reduceLoss("huberLoss", where(distance.le(delta), near, far), reduction);
}

/**
 * Cross entropy of probabilities: `−(t · ln x + (1 − t) · ln(1 − x))`, logarithms not below −100.
 * Options: `weight` (broadcasts), `reduction` ("mean"). For logits use `binaryCrossEntropyWithLogits`: more accurate.
 *
 * @throws UsageError for a probability outside 0 … 1; ShapeError for a target of another shape.
 */
export function binaryCrossEntropy(x: Tensor, target: Tensor, options: WeightedOptions = {}): Tensor {
  const op = "binaryCrossEntropy";
  checkSameShape(op, x, target);
  const losses = noGrad(() => {
    const isOutside = x.lt(0).logicalOr(x.gt(1));
    if (isOutside.any().item() !== 0) {
      throw new UsageError(
        `${op}: expected probabilities from 0 to 1; apply sigmoid, or use binaryCrossEntropyWithLogits`,
      );
    }
    const positive = target.mul(x.log().clampMin(-100));
    return positive.add(target.rsub(1).mul(x.neg().log1p().clampMin(-100))).neg();
  });
  record("binaryCrossEntropy", [x, target], losses, undefined);
  const { weight = null, reduction } = options;
  return reduceLoss(op, weight === null ? losses : losses.mul(weight), reduction);
}

/**
 * Cross entropy of logits: `binaryCrossEntropy(sigmoid(x), t)`, without the rounding of the sigmoid.
 * Options: `weight` and `posWeight` (both broadcast), `reduction` ("mean").
 *
 * @throws ShapeError for a target of another shape.
 */
export function binaryCrossEntropyWithLogits(x: Tensor, target: Tensor, options: LogitsOptions = {}): Tensor {
  const op = "binaryCrossEntropyWithLogits";
  checkSameShape(op, x, target);
  const { weight = null, posWeight = null, reduction } = options;
  const logProbability = x.logSigmoid();
  const factor = posWeight === null ? null : posWeight.sub(1).mul(target).add(1);
  const scaled = factor === null ? logProbability : logProbability.mul(factor);
  const losses = target.rsub(1).mul(x).sub(scaled);
  return reduceLoss(op, weight === null ? losses : losses.mul(weight), reduction);
}

export interface KlDivOptions {
  /** "batchmean" divides the sum by the first size, which is the divergence proper. Default "mean". */
  reduction?: Reduction | "batchmean";
  /** Whether the target holds log probabilities too. Default false. */
  logTarget?: boolean;
}

/** Kullback–Leibler divergence `t · (ln t − x)`, where x holds log probabilities. Options: `reduction` ("mean"), `logTarget` (false). */
export function klDiv(x: Tensor, target: Tensor, options: KlDivOptions = {}): Tensor {
  const { reduction = "mean", logTarget = false } = options;
  const losses = logTarget ? target.exp().mul(target.sub(x)) : target.xlogy(target).sub(target.mul(x));
  if (reduction !== "batchmean") return reduceLoss("klDiv", losses, reduction);
  return losses.sum().div(x.shape[0] ?? 1);
}
