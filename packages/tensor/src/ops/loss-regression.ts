import { UsageError } from "../errors.js";
import type { Tensor } from "../tensor.js";
import { type ReductionOptions, reduceLoss } from "./loss-reduction.js";
import { where } from "./where.js";

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
