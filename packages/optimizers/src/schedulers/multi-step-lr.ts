import type { Optimizer } from "../optimizer.js";
import { LRScheduler, type SchedulerOptions } from "./lr-scheduler.js";

/**
 * Multiplies the learning rate by `gamma` at every one of `milestones`, twice at one that is listed twice.
 *
 * Options and defaults: `gamma` 0.1, `lastEpoch` −1.
 * @example
 * const optimizer = new SGD([zeros(1, { requiresGrad: true })], { lr: 1 });
 * const scheduler = new MultiStepLR(optimizer, [2, 4]);
 * const rates = Array.from({ length: 5 }, () => {
 *   scheduler.step();
 *   return scheduler.getLastLr()[0];
 * });
 * rates; // → [1, 0.1, 0.1, 0.01, 0.01]
 */
export class MultiStepLR extends LRScheduler {
  readonly milestones: readonly number[];
  readonly gamma: number;

  constructor(
    optimizer: Optimizer,
    milestones: readonly number[],
    options: SchedulerOptions & { gamma?: number } = {},
  ) {
    super(optimizer, options);
    this.milestones = [...milestones];
    this.gamma = options.gamma ?? 0.1;
    this.start();
  }

  protected rate(_base: number, current: number): number {
    return current * this.gamma ** this.milestones.filter((epoch) => epoch === this.lastEpoch).length;
  }
}
