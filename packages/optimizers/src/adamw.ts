import { Adam, type AdamOptions } from "./adam.js";
import type { Params } from "./optimizer.js";

/**
 * Adam whose weight decay shrinks the parameter itself: `p ← p · (1 − lr · weightDecay)` before the step.
 * Options as `Adam`, with `weightDecay` 0.01 by default.
 *
 * @example const optimizer = new AdamW(model.parameters(), { weightDecay: 0.05 });
 */
export class AdamW extends Adam {
  constructor(params: Params<AdamOptions>, options: Partial<AdamOptions> = {}) {
    super(params, { weightDecay: 0.01, ...options });
  }

  protected override get decoupled(): boolean {
    return true;
  }
}
