import { UsageError } from "../errors.js";
import type { Tensor } from "../tensor.js";
import { applyBinary } from "./elementwise.js";
import { type ReductionOptions, reduceLoss } from "./loss-reduction.js";

/** Squares near 0 and straight lines from a distance of `delta` on, times `factor`. */
function huber(x: Tensor, target: Tensor, delta: number, factor: number): Tensor {
  return applyBinary("huber", "float", x, target, { delta, factor }, delta, factor);
}

/**
 * Mean squared error: `(x − target)²`.
 *
 * **Shapes** x and target broadcast; result: a scalar, or with `reduction: "none"` their common shape.
 * Options: `reduction` ("mean").
 * @throws ShapeError if they do not broadcast.
 * @example mseLoss(tensor([0.5, 2]), tensor([1.5, 0])); // → 2.5
 */
export function mseLoss(x: Tensor, target: Tensor, options: ReductionOptions = {}): Tensor {
  return reduceLoss("mseLoss", huber(x, target, Number.POSITIVE_INFINITY, 2), options.reduction);
}

/**
 * Mean absolute error: `|x − target|`.
 *
 * **Shapes** x and target broadcast; result: a scalar, or with `reduction: "none"` their common shape.
 * Options: `reduction` ("mean").
 * @throws ShapeError if they do not broadcast.
 * @example l1Loss(tensor([0.5, 2]), tensor([1.5, 0])); // → 1.5
 */
export function l1Loss(x: Tensor, target: Tensor, options: ReductionOptions = {}): Tensor {
  return reduceLoss("l1Loss", x.sub(target).abs(), options.reduction);
}

/**
 * Squared error near 0 and absolute error elsewhere: with `d = |x − target|`, `d² / (2·beta)` below `beta`, else
 * `d − beta/2`.
 *
 * **Shapes** x and target broadcast; result: a scalar, or with `reduction: "none"` their common shape.
 * Options: `beta` (1; 0 gives {@link l1Loss}), `reduction` ("mean").
 * @throws UsageError for a negative beta.
 * @example smoothL1Loss(tensor([0.5, 2]), tensor([1, 0]), { reduction: "none" }); // → [0.125, 1.5]
 */
export function smoothL1Loss(x: Tensor, target: Tensor, options: ReductionOptions & { beta?: number } = {}): Tensor {
  const { beta = 1, reduction } = options;
  if (!(beta >= 0)) throw new UsageError(`smoothL1Loss: beta must be at least 0, got ${beta}`);
  if (beta === 0) return l1Loss(x, target, options);
  return reduceLoss("smoothL1Loss", huber(x, target, beta, 1 / beta), reduction);
}

/**
 * Squared error near 0 and absolute error elsewhere: with `d = |x − target|`, `d² / 2` up to `delta`, else
 * `delta · (d − delta/2)`.
 *
 * **Shapes** x and target broadcast; result: a scalar, or with `reduction: "none"` their common shape.
 * Options: `delta` (1), `reduction` ("mean").
 * @throws UsageError unless delta is positive.
 * @example huberLoss(tensor([0.5, 2]), tensor([1, 0]), { reduction: "none", delta: 0.5 }); // → [0.125, 0.875]
 */
export function huberLoss(x: Tensor, target: Tensor, options: ReductionOptions & { delta?: number } = {}): Tensor {
  const { delta = 1, reduction } = options;
  if (!(delta > 0)) throw new UsageError(`huberLoss: delta must be positive, got ${delta}`);
  return reduceLoss("huberLoss", huber(x, target, delta, 1), reduction);
}
