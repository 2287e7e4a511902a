import { UsageError } from "@kindling/tensor";
import type { Optimizer } from "../optimizer.js";
import { LRScheduler, type SchedulerOptions } from "./lr-scheduler.js";

/** How `SWALR` anneals. */
export interface SwaOptions extends SchedulerOptions {
  /** Over how many epochs; 0: at once. Default 10. */
  annealEpochs?: number;
  /** Along half a cosine or a straight line. Default "cos". */
  annealStrategy?: "cos" | "linear";
}

const shapes = {
  cos: (t: number): number => (1 - Math.cos(Math.PI * t)) / 2,
  linear: (t: number): number => t,
} as const;

/**
 * Anneals the learning rate of every group to a fixed one, at which an `AveragedModel` (of @kindling/nn) averages
 * weights: `swaLr · α + lr · (1 − α)`, with α from 0 to 1 over the epochs, computed from the learning rate before it.
 *
 * Options and defaults: `annealEpochs` 10, `annealStrategy` "cos", `lastEpoch` −1. `swaLr` may be a list, one per group.
 * @throws UsageError for a bad option, or a list of another length than there are groups.
 * @example
 * const sgd = new SGD(new Linear(2, 1).parameters(), { lr: 0.4 });
 * const scheduler = new SWALR(sgd, 0.1, { annealEpochs: 3, annealStrategy: "linear" });
 * for (let epoch = 0; epoch < 2; epoch++) scheduler.step();
 * scheduler.getLastLr(); // → [0.2]
 * @source Izmailov et al. 2018; https://pytorch.org/docs/stable/optim.html#weight-averaging-swa-and-ema
 */
export class SWALR extends LRScheduler {
  readonly swaLrs: readonly number[];
  readonly annealEpochs: number;
  readonly annealStrategy: "cos" | "linear";
  /** How often `step` was called since the annealing began. */
  stepCount = -1;

  constructor(optimizer: Optimizer, swaLr: number | readonly number[], options: SwaOptions = {}) {
    super(optimizer, options);
    const { annealEpochs = 10, annealStrategy = "cos" } = options;
    if (!Object.hasOwn(shapes, annealStrategy)) {
      throw new UsageError(`SWALR: annealStrategy must be "cos" or "linear", got ${JSON.stringify(annealStrategy)}`);
    }
    if (!Number.isInteger(annealEpochs) || annealEpochs < 0) {
      throw new UsageError(`SWALR: annealEpochs must be a whole number of at least 0, got ${annealEpochs}`);
    }
    this.swaLrs = this.perGroup("swaLr", swaLr);
    this.annealEpochs = annealEpochs;
    this.annealStrategy = annealStrategy;
    this.start();
  }

  /** To call after every epoch of averaging. */
  override step(): void {
    this.stepCount++;
    super.step();
  }

  /** The share of the final learning rate after so many steps. */
  #share(steps: number): number {
    return shapes[this.annealStrategy](Math.max(0, Math.min(1, steps / Math.max(1, this.annealEpochs))));
  }

  protected rate(_base: number, current: number, group: number): number {
    const steps = this.annealEpochs === 0 ? Math.max(1, this.stepCount) : this.stepCount;
    const swaLr = this.swaLrs[group] as number;
    const before = this.#share(steps - 1);
    const start = before === 1 ? swaLr : (current - before * swaLr) / (1 - before);
    const share = this.#share(steps);
    return swaLr * share + start * (1 - share);
  }
}
