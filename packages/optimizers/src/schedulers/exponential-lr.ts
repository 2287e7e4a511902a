import type { Optimizer } from "../optimizer.js";
import { LRScheduler, type SchedulerOptions } from "./lr-scheduler.js";

/**
 * Multiplies the learning rate by `gamma` every epoch.
 *
 * Options and defaults: `lastEpoch` −1.
 * @example const scheduler = new ExponentialLR(optimizer, 0.95);
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
