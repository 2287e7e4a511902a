import type { Optimizer } from "../optimizer.js";

export interface PlateauOptions {
  /** Whether the metric should fall or rise. Default "min". */
  mode?: "min" | "max";
  /** Default 0.1. */
  factor?: number;
  /** Bad epochs that are put up with. Default 10. */
  patience?: number;
  /** Smallest change that counts as better. Default 1e-4. */
  threshold?: number;
  /** Whether the threshold is a share of the best value or absolute. Default "rel". */
  thresholdMode?: "rel" | "abs";
  /** Epochs after a reduction in which nothing is counted. Default 0. */
  cooldown?: number;
  /** Default 0. */
  minLr?: number | readonly number[];
  /** Smaller changes of the learning rate are left out. Default 1e-8. */
  eps?: number;
}

/** Multiplies the learning rate by `factor` when the metric has not become better for more than `patience` epochs. */
export class ReduceLROnPlateau {
  readonly optimizer: Optimizer;
  readonly options: Required<PlateauOptions>;
  best: number;
  badEpochs = 0;
  #cooldown = 0;

  constructor(optimizer: Optimizer, options: PlateauOptions = {}) {
    this.optimizer = optimizer;
    this.options = {
      mode: "min",
      factor: 0.1,
      patience: 10,
      threshold: 1e-4,
      thresholdMode: "rel",
      cooldown: 0,
      minLr: 0,
      eps: 1e-8,
      ...options,
    };
    this.best = this.options.mode === "min" ? Infinity : -Infinity;
  }

  #isBetter(metric: number): boolean {
    const { mode, threshold, thresholdMode } = this.options;
    const sign = mode === "min" ? -1 : 1;
    const limit = thresholdMode === "rel" ? this.best * (1 + sign * threshold) : this.best + sign * threshold;
    return mode === "min" ? metric < limit : metric > limit;
  }

  step(metric: number): void {
    const { patience, cooldown, factor, minLr, eps } = this.options;
    if (this.#isBetter(metric)) {
      this.best = metric;
      this.badEpochs = 0;
    } else this.badEpochs++;
    if (this.#cooldown > 0) {
      this.#cooldown--;
      this.badEpochs = 0;
    }
    if (this.badEpochs <= patience) return;
    this.#cooldown = cooldown;
    this.badEpochs = 0;
    this.optimizer.paramGroups.forEach((group, i) => {
      const least = typeof minLr === "number" ? minLr : (minLr[i] ?? 0);
      const lr = Math.max(group.lr * factor, least);
      if (group.lr - lr > eps) group.lr = lr;
    });
  }

  getLastLr(): number[] {
    return this.optimizer.paramGroups.map((group) => group.lr);
  }
}
