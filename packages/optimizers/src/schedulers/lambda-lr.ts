import type { Optimizer } from "../optimizer.js";
import { LRScheduler, type SchedulerOptions } from "./lr-scheduler.js";

/** A factor for every epoch. */
export type RateFactor = (epoch: number) => number;

/**
 * The first learning rate times `factor(epoch)`; one function for all parameter groups, or a list of one for each.
 *
 * Options and defaults: `lastEpoch` −1.
 * @throws UsageError if the list has another length than there are groups.
 * @example
 * const optimizer = new SGD([zeros(1, { requiresGrad: true })], { lr: 1 });
 * const scheduler = new LambdaLR(optimizer, (epoch) => 1 / (1 + epoch));
 * const rates = Array.from({ length: 5 }, () => {
 *   scheduler.step();
 *   return scheduler.getLastLr()[0];
 * });
 * rates; // → [0.5, 0.3333, 0.25, 0.2, 0.1667]
 */
export class LambdaLR extends LRScheduler {
  readonly #factors: readonly RateFactor[];

  constructor(optimizer: Optimizer, factor: RateFactor | readonly RateFactor[], options: SchedulerOptions = {}) {
    super(optimizer, options);
    this.#factors = this.perGroup("factor", factor);
    this.start();
  }

  protected rate(base: number, _current: number, group: number): number {
    return base * (this.#factors[group] as RateFactor)(this.lastEpoch);
  }
}
