import { UsageError } from "@kindling/tensor";
import type { Optimizer } from "../optimizer.js";
import { LRScheduler, type SchedulerOptions } from "./lr-scheduler.js";

/** Options of {@link ConstantLR}. */
export interface ConstantOptions extends SchedulerOptions {
  /** What the learning rate is multiplied by, from 0 to 1. Default 1/3. */
  factor?: number;
  /** For how many epochs. Default 5. */
  totalIters?: number;
}

/**
 * Multiplies the learning rate by `factor` for the first `totalIters` epochs.
 *
 * Options and defaults: `factor` 1/3, `totalIters` 5, `lastEpoch` −1.
 * @throws UsageError for a factor outside 0 … 1.
 * @example
 * const optimizer = new SGD([zeros(1, { requiresGrad: true })], { lr: 1 });
 * const scheduler = new ConstantLR(optimizer, { factor: 0.1, totalIters: 3 });
 * const rates = Array.from({ length: 5 }, () => {
 *   scheduler.step();
 *   return scheduler.getLastLr()[0];
 * });
 * rates; // → [0.1, 0.1, 1, 1, 1]
 */
export class ConstantLR extends LRScheduler {
  readonly factor: number;
  readonly totalIters: number;

  constructor(optimizer: Optimizer, options: ConstantOptions = {}) {
    super(optimizer, options);
    this.factor = options.factor ?? 1 / 3;
    this.totalIters = options.totalIters ?? 5;
    if (!(this.factor >= 0 && this.factor <= 1)) {
      throw new UsageError(`ConstantLR: factor must be between 0 and 1, got ${this.factor}`);
    }
    this.start();
  }

  protected rate(_base: number, current: number): number {
    if (this.lastEpoch === 0) return current * this.factor;
    return this.lastEpoch === this.totalIters ? current * (1 / this.factor) : current;
  }
}
