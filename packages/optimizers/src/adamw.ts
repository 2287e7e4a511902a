import { Adam, type AdamOptions } from "./adam.js";
import type { Params } from "./optimizer.js";

/**
 * Adam whose weight decay shrinks the parameter itself, `p ← p · (1 − lr · weightDecay)` before the step, and leaves
 * the gradient alone.
 *
 * Options and defaults: as `Adam`, but `weightDecay` 0.01. Source: Loshchilov & Hutter 2019.
 * @throws UsageError for an option out of range.
 * @example
 * const weight = tensor([1, -2], { dtype: "float32", requiresGrad: true });
 * const optimizer = new AdamW([weight], { lr: 0.1, weightDecay: 0.5 });
 * weight.square().sum().backward();
 * optimizer.step();
 * weight; // → [0.85, -1.8]
 */
export class AdamW extends Adam {
  constructor(params: Params<AdamOptions>, options: Partial<AdamOptions> = {}) {
    super(params, { weightDecay: 0.01, ...options });
  }

  protected override get decoupled(): boolean {
    return true;
  }
}
