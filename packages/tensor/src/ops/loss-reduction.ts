import { ShapeError, UsageError } from "../errors.js";
import { formatShape, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";

/** What becomes of the losses of the elements: nothing, their mean or their sum. */
export type Reduction = "none" | "mean" | "sum";

/** The option that every loss has. */
export interface ReductionOptions {
  /** Default "mean". */
  reduction?: Reduction;
}

export function checkReduction(op: string, reduction: string): void {
  if (reduction !== "none" && reduction !== "mean" && reduction !== "sum") {
    throw new UsageError(`${op}: reduction must be "none", "mean" or "sum", got ${JSON.stringify(reduction)}`);
  }
}

/** The losses, their mean or their sum. */
export function reduceLoss(op: string, losses: Tensor, reduction: Reduction = "mean"): Tensor {
  checkReduction(op, reduction);
  if (reduction === "none") return losses;
  return reduction === "sum" ? losses.sum() : losses.mean();
}

export function checkSameShape(op: string, x: Tensor, target: Tensor): void {
  if (!sameShape(x.shape, target.shape)) {
    throw new ShapeError(`${op}: expected a target of shape ${formatShape(x.shape)}, got ${formatShape(target.shape)}`);
  }
}
