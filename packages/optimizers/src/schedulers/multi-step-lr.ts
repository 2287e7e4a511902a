import type { Optimizer } from "../optimizer.js";
import { LRScheduler, type SchedulerOptions } from "./lr-scheduler.js";

/**
 * Multiplies the learning rate by `gamma` at every one of `milestones`, twice at one that is listed twice.
 *
 * Options and defaults: `gamma` 0.1, `lastEpoch` −1.
 * @example const scheduler = new MultiStepLR(optimizer, [30, 80]);
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
