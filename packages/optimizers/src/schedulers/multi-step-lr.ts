import type { Optimizer } from "../optimizer.js";
import { LRScheduler } from "./lr-scheduler.js";

/** Multiplies the learning rate by `gamma` (default 0.1) at every one of `milestones`. */
export class MultiStepLR extends LRScheduler {
  readonly milestones: readonly number[];
  readonly gamma: number;

  constructor(optimizer: Optimizer, milestones: readonly number[], options: { gamma?: number } = {}) {
    super(optimizer);
    this.milestones = milestones;
    this.gamma = options.gamma ?? 0.1;
  }

  protected rate(_base: number, current: number): number {
    return current * this.gamma ** this.milestones.filter((epoch) => epoch === this.lastEpoch).length;
  }
}
