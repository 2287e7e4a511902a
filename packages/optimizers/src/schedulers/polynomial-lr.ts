import type { Optimizer } from "../optimizer.js";
import { LRScheduler, type SchedulerOptions } from "./lr-scheduler.js";

/** Options of {@link PolynomialLR}. */
export interface PolynomialOptions extends SchedulerOptions {
  /** The epoch at which the learning rate is 0. Default 5. */
  totalIters?: number;
  /** Default 1: a straight line. */
  power?: number;
}

/**
 * Lets the learning rate fall to 0: `lr · (1 − epoch / totalIters)^power`.
 *
 * Options and defaults: `totalIters` 5, `power` 1, `lastEpoch` −1.
 * @example
 * const optimizer = new SGD([zeros(1, { requiresGrad: true })], { lr: 1 });
 * const scheduler = new PolynomialLR(optimizer, { totalIters: 4 });
 * const rates = Array.from({ length: 5 }, () => {
 *   scheduler.step();
 *   return scheduler.getLastLr()[0];
 * });
 * rates; // → [0.75, 0.5, 0.25, 0, 0]
 */
export class PolynomialLR extends LRScheduler {
  readonly totalIters: number;
  readonly power: number;

  constructor(optimizer: Optimizer, options: PolynomialOptions = {}) {
    super(optimizer, options);
    this.totalIters = options.totalIters ?? 5;
    this.power = options.power ?? 1;
    this.start();
  }

  protected rate(_base: number, current: number): number {
    const { lastEpoch, totalIters } = this;
    if (lastEpoch === 0 || lastEpoch > totalIters) return current;
    return current * ((1 - lastEpoch / totalIters) / (1 - (lastEpoch - 1) / totalIters)) ** this.power;
  }
}
