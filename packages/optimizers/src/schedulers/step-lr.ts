import type { Optimizer } from "../optimizer.js";
import { LRScheduler, type SchedulerOptions } from "./lr-scheduler.js";

/**
 * Multiplies the learning rate by `gamma` every `stepSize` epochs.
 *
 * Options and defaults: `gamma` 0.1, `lastEpoch` −1.
 * @example
 * const optimizer = new SGD([zeros(1, { requiresGrad: true })], { lr: 1 });
 * const scheduler = new StepLR(optimizer, 2, { gamma: 0.5 });
 * const rates = Array.from({ length: 5 }, () => {
 *   scheduler.step();
 *   return scheduler.getLastLr()[0];
 * });
 * rates; // → [1, 0.5, 0.5, 0.25, 0.25]
 */
export class StepLR extends LRScheduler {
  readonly stepSize: number;
  readonly gamma: number;

  constructor(optimizer: Optimizer, stepSize: number, options: SchedulerOptions & { gamma?: number } = {}) {
    super(optimizer, options);
    this.stepSize = stepSize;
    this.gamma = options.gamma ?? 0.1;
    this.start();
  }

  protected rate(_base: number, current: number): number {
    return this.lastEpoch > 0 && this.lastEpoch % this.stepSize === 0 ? current * this.gamma : current;
  }
}
