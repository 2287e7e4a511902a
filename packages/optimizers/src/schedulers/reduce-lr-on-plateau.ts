import { type Tensor, UsageError } from "@kindling/tensor";
import type { Optimizer } from "../optimizer.js";
import { Scheduler } from "./scheduler.js";

/** Options of {@link ReduceLROnPlateau}. */
export interface PlateauOptions {
  /** Whether the metric should fall or rise. Default "min". */
  mode?: "min" | "max";
  /** What the learning rate is multiplied by, below 1. Default 0.1. */
  factor?: number;
  /** Bad epochs in a row that are put up with. Default 10. */
  patience?: number;
  /** Smallest change that counts as better. Default 1e-4. */
  threshold?: number;
  /** Whether the threshold is a share of the best value or absolute. Default "rel". */
  thresholdMode?: "rel" | "abs";
  /** Epochs after a reduction in which nothing is counted. Default 0. */
  cooldown?: number;
  /** The smallest learning rate, of all groups or of each. Default 0. */
  minLr?: number | readonly number[];
  /** Smaller changes of the learning rate are left out. Default 1e-8. */
  eps?: number;
}

/**
 * Multiplies the learning rate by `factor` when the metric has not become better for more than `patience` epochs.
 *
 * Options and defaults: `mode` "min", `factor` 0.1, `patience` 10, `threshold` 1e-4, `thresholdMode` "rel",
 * `cooldown` 0, `minLr` 0, `eps` 1e-8. A metric of NaN is not better.
 * @throws UsageError for an option out of range.
 * @example
 * const optimizer = new SGD([zeros(1, { requiresGrad: true })], { lr: 1 });
 * const scheduler = new ReduceLROnPlateau(optimizer, { patience: 1 });
 * for (const loss of [5, 4, 4, 4]) scheduler.step(loss);
 * scheduler.getLastLr(); // → [0.1]
 */
export class ReduceLROnPlateau extends Scheduler {
  readonly mode: "min" | "max";
  readonly factor: number;
  readonly patience: number;
  readonly threshold: number;
  readonly thresholdMode: "rel" | "abs";
  readonly cooldown: number;
  readonly minLrs: readonly number[];
  readonly eps: number;
  best: number;
  numBadEpochs = 0;
  cooldownCounter = 0;
  lastEpoch = 0;

  constructor(optimizer: Optimizer, options: PlateauOptions = {}) {
    super(optimizer);
    this.mode = options.mode ?? "min";
    this.factor = options.factor ?? 0.1;
    this.patience = options.patience ?? 10;
    this.threshold = options.threshold ?? 1e-4;
    this.thresholdMode = options.thresholdMode ?? "rel";
    this.cooldown = options.cooldown ?? 0;
    this.minLrs = this.perGroup("minLr", options.minLr ?? 0);
    this.eps = options.eps ?? 1e-8;
    if (!(this.factor < 1)) throw new UsageError(`ReduceLROnPlateau: factor must be below 1, got ${this.factor}`);
    if (this.mode !== "min" && this.mode !== "max") {
      throw new UsageError(`ReduceLROnPlateau: mode must be "min" or "max", got ${this.mode}`);
    }
    if (this.thresholdMode !== "rel" && this.thresholdMode !== "abs") {
      throw new UsageError(`ReduceLROnPlateau: thresholdMode must be "rel" or "abs", got ${this.thresholdMode}`);
    }
    this.best = this.mode === "min" ? Infinity : -Infinity;
  }

  #isBetter(metric: number): boolean {
    const change = this.mode === "min" ? -this.threshold : this.threshold;
    const limit = this.thresholdMode === "rel" ? this.best * (1 + change) : this.best + change;
    return this.mode === "min" ? metric < limit : metric > limit;
  }

  /** To call after every epoch with what should become better, such as the loss on test data. */
  step(metric: number | Tensor): void {
    const value = typeof metric === "number" ? metric : metric.item();
    this.lastEpoch++;
    if (this.#isBetter(value)) {
      this.best = value;
      this.numBadEpochs = 0;
    } else this.numBadEpochs++;
    if (this.cooldownCounter > 0) {
      this.cooldownCounter--;
      this.numBadEpochs = 0;
    }
    if (this.numBadEpochs <= this.patience) return;
    this.cooldownCounter = this.cooldown;
    this.numBadEpochs = 0;
    this.optimizer.paramGroups.forEach((group, i) => {
      const lr = Math.max(group.lr * this.factor, this.minLrs[i] as number);
      if (group.lr - lr > this.eps) group.lr = lr;
    });
  }
}
