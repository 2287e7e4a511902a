import type { Optimizer } from "../optimizer.js";
import { LRScheduler, type SchedulerOptions } from "./lr-scheduler.js";

/**
 * Multiplies the learning rate by `gamma` every epoch.
 *
 * Options and defaults: `lastEpoch` −1.
 * @example
 * const optimizer = new SGD([zeros(1, { requiresGrad: true })], { lr: 1 });
 * const scheduler = new ExponentialLR(optimizer, 0.5);
 * const rates = Array.from({ length: 5 }, () => {
 *   scheduler.step();
 *   return scheduler.getLastLr()[0];
 * });
 * rates; // → [0.5, 0.25, 0.125, 0.0625, 0.0313]
 */
export class ExponentialLR extends LRScheduler {
  readonly gamma: number;

  constructor(optimizer: Optimizer, gamma: number, options: SchedulerOptions = {}) {
    super(optimizer, options);
    this.gamma = gamma;
    this.start();
  }

  protected rate(_base: number, current: number): number {
    return this.lastEpoch === 0 ? current : current * this.gamma;
  }
}
