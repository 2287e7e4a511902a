import type { Optimizer } from "../optimizer.js";
import { LRScheduler, type SchedulerOptions } from "./lr-scheduler.js";

/** A factor for every epoch. */
export type RateFactor = (epoch: number) => number;

/**
 * The first learning rate times `factor(epoch)`; one function for all parameter groups, or a list of one for each.
 *
 * Options and defaults: `lastEpoch` −1.
 * @throws UsageError if the list has another length than there are groups.
 * @example const scheduler = new LambdaLR(optimizer, (epoch) => 0.95 ** epoch);
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
