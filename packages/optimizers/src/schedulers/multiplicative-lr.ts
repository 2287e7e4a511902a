import type { Optimizer } from "../optimizer.js";
import type { RateFactor } from "./lambda-lr.js";
import { LRScheduler, type SchedulerOptions } from "./lr-scheduler.js";

/**
 * Multiplies the learning rate by `factor(epoch)` at every epoch but the first; one function for all parameter groups,
 * or a list of one for each.
 *
 * Options and defaults: `lastEpoch` −1.
 * @throws UsageError if the list has another length than there are groups.
 * @example
 * const optimizer = new SGD([zeros(1, { requiresGrad: true })], { lr: 1 });
 * const scheduler = new MultiplicativeLR(optimizer, () => 0.5);
 * const rates = Array.from({ length: 5 }, () => {
 *   scheduler.step();
 *   return scheduler.getLastLr()[0];
 * });
 * rates; // → [0.5, 0.25, 0.125, 0.0625, 0.0313]
 */
export class MultiplicativeLR extends LRScheduler {
  readonly #factors: readonly RateFactor[];

  constructor(optimizer: Optimizer, factor: RateFactor | readonly RateFactor[], options: SchedulerOptions = {}) {
    super(optimizer, options);
    this.#factors = this.perGroup("factor", factor);
    this.start();
  }

  protected rate(_base: number, current: number, group: number): number {
    return this.lastEpoch === 0 ? current : current * (this.#factors[group] as RateFactor)(this.lastEpoch);
  }
  /** Goes on from the learning rates as they are: they are all that it works on. */
  override restart(): void {
    this.lastEpoch = -1;
    this.step();
  }
}
