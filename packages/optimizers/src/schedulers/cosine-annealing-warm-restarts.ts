import { UsageError } from "@kindling/tensor";
import type { Optimizer } from "../optimizer.js";
import type { CosineAnnealingOptions } from "./cosine-annealing-lr.js";
import { LRScheduler } from "./lr-scheduler.js";

/** Options of {@link CosineAnnealingWarmRestarts}. */
export interface WarmRestartsOptions extends CosineAnnealingOptions {
  /** How many times as long each cycle is as the one before it. Default 1. */
  tMult?: number;
}

/**
 * Half a cosine from the first learning rate to `etaMin`, again and again: the first cycle has `t0` epochs, each other
 * `tMult` times as many as the one before. `step(epoch)` takes a fraction of epochs too.
 *
 * Options and defaults: `tMult` 1, `etaMin` 0, `lastEpoch` −1. Source: Loshchilov & Hutter 2017.
 * @throws UsageError unless `t0` and `tMult` are whole numbers of at least 1.
 * @example
 * const optimizer = new SGD([zeros(1, { requiresGrad: true })], { lr: 1 });
 * const scheduler = new CosineAnnealingWarmRestarts(optimizer, 2, { tMult: 2 });
 * const rates = Array.from({ length: 5 }, () => {
 *   scheduler.step();
 *   return scheduler.getLastLr()[0];
 * });
 * rates; // → [0.5, 1, 0.8536, 0.5, 0.1464]
 */
export class CosineAnnealingWarmRestarts extends LRScheduler {
  readonly t0: number;
  readonly tMult: number;
  readonly etaMin: number;
  /** Epochs since the last restart. */
  tCur = 0;
  /** Epochs of the present cycle. */
  tI: number;

  constructor(optimizer: Optimizer, t0: number, options: WarmRestartsOptions = {}) {
    super(optimizer, options);
    const { tMult = 1, etaMin = 0 } = options;
    if (!Number.isInteger(t0) || t0 < 1) {
      throw new UsageError(`CosineAnnealingWarmRestarts: t0 must be a whole number of at least 1, got ${t0}`);
    }
    if (!Number.isInteger(tMult) || tMult < 1) {
      throw new UsageError(`CosineAnnealingWarmRestarts: tMult must be a whole number of at least 1, got ${tMult}`);
    }
    this.t0 = t0;
    this.tMult = tMult;
    this.etaMin = etaMin;
    this.tI = t0;
    this.#moveTo(Math.max(0, this.lastEpoch));
    this.start();
  }

  protected rate(base: number): number {
    return this.etaMin + ((base - this.etaMin) * (1 + Math.cos((Math.PI * this.tCur) / this.tI))) / 2;
  }

  /** To call after every epoch, or with the epoch, which may have a fraction, after every batch. */
  override step(epoch?: number): void {
    if (epoch === undefined && this.lastEpoch >= 0) {
      this.tCur++;
      if (this.tCur >= this.tI) {
        this.tCur -= this.tI;
        this.tI *= this.tMult;
      }
    } else {
      this.#moveTo(epoch ?? 0);
      this.lastEpoch = Math.floor(epoch ?? 0) - 1;
    }
    super.step();
  }

  #moveTo(epoch: number): void {
    if (!(epoch >= 0)) throw new UsageError(`CosineAnnealingWarmRestarts: epoch must be at least 0, got ${epoch}`);
    this.tI = this.t0;
    this.tCur = epoch;
    while (this.tCur >= this.tI) {
      this.tCur -= this.tI;
      this.tI *= this.tMult;
    }
  }
}
