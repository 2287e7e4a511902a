import type { Optimizer } from "../optimizer.js";
import { LRScheduler } from "./lr-scheduler.js";

/** Multiplies the learning rate by `gamma` (default 0.1) every `stepSize` epochs. */
export class StepLR extends LRScheduler {
  readonly stepSize: number;
  readonly gamma: number;

  constructor(optimizer: Optimizer, stepSize: number, options: { gamma?: number } = {}) {
    super(optimizer);
    this.stepSize = stepSize;
    this.gamma = options.gamma ?? 0.1;
  }

  protected rate(_base: number, current: number): number {
    return this.lastEpoch > 0 && this.lastEpoch % this.stepSize === 0 ? current * this.gamma : current;
  }
}
