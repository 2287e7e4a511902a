import type { Optimizer } from "../optimizer.js";
import { LRScheduler, type SchedulerOptions } from "./lr-scheduler.js";

/** Options of {@link CosineAnnealingLR}. */
export interface CosineAnnealingOptions extends SchedulerOptions {
  /** The smallest learning rate. Default 0. */
  etaMin?: number;
}

/**
 * Half a cosine from the first learning rate to `etaMin` in `tMax` epochs, and up again in as many:
 * `etaMin + (lr − etaMin) · (1 + cos(π · epoch / tMax)) / 2`, computed from the learning rate before it.
 *
 * Options and defaults: `etaMin` 0, `lastEpoch` −1. Source: Loshchilov & Hutter 2017, without the restarts.
 * @example
 * const optimizer = new SGD([zeros(1, { requiresGrad: true })], { lr: 1 });
 * const scheduler = new CosineAnnealingLR(optimizer, 4);
 * const rates = Array.from({ length: 5 }, () => {
 *   scheduler.step();
 *   return scheduler.getLastLr()[0];
 * });
 * rates; // → [0.8536, 0.5, 0.1464, 0, 0.1464]
 */
export class CosineAnnealingLR extends LRScheduler {
  readonly tMax: number;
  readonly etaMin: number;
  readonly #resumedAt: number;

  constructor(optimizer: Optimizer, tMax: number, options: CosineAnnealingOptions = {}) {
    super(optimizer, options);
    this.tMax = tMax;
    this.etaMin = options.etaMin ?? 0;
    this.#resumedAt = this.lastEpoch + 1;
    this.start();
  }

  protected rate(base: number, current: number): number {
    const { lastEpoch, tMax, etaMin } = this;
    if (lastEpoch === 0) return current;
    const height = (epoch: number): number => 1 + Math.cos((Math.PI * epoch) / tMax);
    // The learning rate that a resumed run finds is not necessarily the one before.
    if (lastEpoch === this.#resumedAt) return etaMin + ((base - etaMin) * height(lastEpoch)) / 2;
    // At the bottom the ratio below is 0 / 0, so the way up starts with a difference.
    if ((lastEpoch - 1 - tMax) % (2 * tMax) === 0)
      return current + ((base - etaMin) * (1 - Math.cos(Math.PI / tMax))) / 2;
    return (height(lastEpoch) / height(lastEpoch - 1)) * (current - etaMin) + etaMin;
  }
}
