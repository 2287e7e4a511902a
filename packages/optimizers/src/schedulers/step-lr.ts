import type { Optimizer } from "../optimizer.js";
import { LRScheduler, type SchedulerOptions } from "./lr-scheduler.js";

/**
 * Multiplies the learning rate by `gamma` every `stepSize` epochs.
 *
 * Options and defaults: `gamma` 0.1, `lastEpoch` −1.
 * @example
 * const scheduler = new StepLR(optimizer, 30, { gamma: 0.5 });
 * for (let epoch = 0; epoch < 90; epoch++) {
 *   train();
 *   scheduler.step();
 * }
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
