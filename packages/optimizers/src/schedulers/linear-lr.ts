import { UsageError } from "@kindling/tensor";
import type { Optimizer } from "../optimizer.js";
import { LRScheduler, type SchedulerOptions } from "./lr-scheduler.js";

/** Options of {@link LinearLR}. */
export interface LinearLROptions extends SchedulerOptions {
  /** What the first learning rate is multiplied by, above 0 and up to 1. Default 1/3. */
  startFactor?: number;
  /** What the last one is multiplied by, from 0 to 1. Default 1. */
  endFactor?: number;
  /** How many epochs it takes. Default 5. */
  totalIters?: number;
}

/**
 * Multiplies the learning rate by a factor that goes from `startFactor` to `endFactor` in `totalIters` equal steps.
 *
 * Options and defaults: `startFactor` 1/3, `endFactor` 1, `totalIters` 5, `lastEpoch` −1.
 * @throws UsageError for a factor out of range.
 * @example
 * const optimizer = new SGD([zeros(1, { requiresGrad: true })], { lr: 1 });
 * const scheduler = new LinearLR(optimizer, { startFactor: 0.2, totalIters: 4 });
 * const rates = Array.from({ length: 5 }, () => {
 *   scheduler.step();
 *   return scheduler.getLastLr()[0];
 * });
 * rates; // → [0.4, 0.6, 0.8, 1, 1]
 */
export class LinearLR extends LRScheduler {
  readonly startFactor: number;
  readonly endFactor: number;
  readonly totalIters: number;

  constructor(optimizer: Optimizer, options: LinearLROptions = {}) {
    super(optimizer, options);
    this.startFactor = options.startFactor ?? 1 / 3;
    this.endFactor = options.endFactor ?? 1;
    this.totalIters = options.totalIters ?? 5;
    if (!(this.startFactor > 0 && this.startFactor <= 1)) {
      throw new UsageError(`LinearLR: startFactor must be above 0 and at most 1, got ${this.startFactor}`);
    }
    if (!(this.endFactor >= 0 && this.endFactor <= 1)) {
      throw new UsageError(`LinearLR: endFactor must be between 0 and 1, got ${this.endFactor}`);
    }
    this.start();
  }

  protected rate(_base: number, current: number): number {
    if (this.lastEpoch === 0) return current * this.startFactor;
    if (this.lastEpoch > this.totalIters) return current;
    const span = this.endFactor - this.startFactor;
    return current * (1 + span / (this.totalIters * this.startFactor + (this.lastEpoch - 1) * span));
  }
}
