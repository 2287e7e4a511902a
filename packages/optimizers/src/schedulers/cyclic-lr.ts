import { UsageError } from "@kindling/tensor";
import type { Optimizer } from "../optimizer.js";
import { LRScheduler, type SchedulerOptions } from "./lr-scheduler.js";
import { checkMomentum, setMomentum } from "./momentum.js";

const modes = ["triangular", "triangular2", "exp_range"] as const;

/** Options of {@link CyclicLR}. */
export interface CyclicOptions extends SchedulerOptions {
  /** Steps from the smallest to the largest learning rate. Default 2000. */
  stepSizeUp?: number;
  /** Steps back. Default: `stepSizeUp`. */
  stepSizeDown?: number;
  /** Whether all cycles are as high, each half as high as the one before, or `gamma` per step. Default "triangular". */
  mode?: (typeof modes)[number];
  /** Default 1. */
  gamma?: number;
  /** The height of a cycle as a share of the first one's; `mode` is then ignored. */
  scaleFn?: (x: number) => number;
  /** Whether `scaleFn` gets the number of the cycle (from 1) or of the step. Default "cycle". */
  scaleMode?: "cycle" | "iterations";
  /** Whether the momentum falls while the learning rate rises. Default true. */
  cycleMomentum?: boolean;
  /** The momentum where the learning rate is largest. Default 0.8. */
  baseMomentum?: number | readonly number[];
  /** The momentum where the learning rate is smallest. Default 0.9. */
  maxMomentum?: number | readonly number[];
}

/**
 * Lets the learning rate rise from `baseLr` to `maxLr` and fall back, again and again, while the momentum goes the
 * other way. `step` counts batches, not epochs.
 *
 * Options and defaults: `stepSizeUp` 2000, `stepSizeDown` the same, `mode` "triangular", `gamma` 1, `scaleFn` none,
 * `scaleMode` "cycle", `cycleMomentum` true, `baseMomentum` 0.8, `maxMomentum` 0.9, `lastEpoch` −1. Source: Smith 2017.
 * @throws UsageError for an unknown mode, or an optimizer without momentum.
 * @example
 * const optimizer = new SGD([zeros(1, { requiresGrad: true })], { lr: 1 });
 * const options = { stepSizeUp: 2, cycleMomentum: false };
 * const scheduler = new CyclicLR(optimizer, 0.1, 0.5, options);
 * const rates = Array.from({ length: 5 }, () => {
 *   scheduler.step();
 *   return scheduler.getLastLr()[0];
 * });
 * rates; // → [0.3, 0.5, 0.3, 0.1, 0.3]
 */
export class CyclicLR extends LRScheduler {
  readonly maxLrs: readonly number[];
  readonly totalSize: number;
  readonly stepRatio: number;
  readonly mode: (typeof modes)[number];
  readonly gamma: number;
  readonly scaleMode: "cycle" | "iterations";
  readonly cycleMomentum: boolean;
  readonly baseMomentums: readonly number[];
  readonly maxMomentums: readonly number[];
  readonly #scaleFn: ((x: number) => number) | null;

  constructor(
    optimizer: Optimizer,
    baseLr: number | readonly number[],
    maxLr: number | readonly number[],
    options: CyclicOptions = {},
  ) {
    super(optimizer, options);
    const { stepSizeUp = 2000, stepSizeDown = stepSizeUp, mode = "triangular", gamma = 1, scaleFn = null } = options;
    const { scaleMode = "cycle", cycleMomentum = true, baseMomentum = 0.8, maxMomentum = 0.9 } = options;
    if (!modes.includes(mode) && scaleFn === null) {
      throw new UsageError(`CyclicLR: mode must be one of ${modes.join(", ")}, got ${mode}`);
    }
    if (cycleMomentum) checkMomentum("CyclicLR", optimizer);
    this.maxLrs = this.perGroup("maxLr", maxLr);
    this.totalSize = stepSizeUp + stepSizeDown;
    this.stepRatio = stepSizeUp / this.totalSize;
    this.mode = mode;
    this.gamma = gamma;
    this.#scaleFn = scaleFn;
    this.scaleMode = scaleFn === null && mode === "exp_range" ? "iterations" : scaleMode;
    this.cycleMomentum = cycleMomentum;
    this.baseMomentums = this.perGroup("baseMomentum", baseMomentum);
    this.maxMomentums = this.perGroup("maxMomentum", maxMomentum);
    const baseLrs = this.perGroup("baseLr", baseLr);
    if (this.lastEpoch === -1) {
      optimizer.paramGroups.forEach((group, i) => {
        group.lr = baseLrs[i] as number;
      });
    }
    this.start();
    this.baseLrs = baseLrs;
  }

  #scale(cycle: number): number {
    const x = this.scaleMode === "cycle" ? cycle : this.lastEpoch;
    if (this.#scaleFn !== null) return this.#scaleFn(x);
    if (this.mode === "triangular2") return 2 ** (1 - x);
    return this.mode === "exp_range" ? this.gamma ** x : 1;
  }

  protected rate(base: number, _current: number, group: number): number {
    const cycle = Math.floor(1 + this.lastEpoch / this.totalSize);
    const x = 1 + this.lastEpoch / this.totalSize - cycle;
    const height = (x <= this.stepRatio ? x / this.stepRatio : (x - 1) / (this.stepRatio - 1)) * this.#scale(cycle);
    if (this.cycleMomentum) {
      const [most, least] = [this.maxMomentums[group] as number, this.baseMomentums[group] as number];
      setMomentum(this.optimizer, group, most - (most - least) * height);
    }
    return base + ((this.maxLrs[group] as number) - base) * height;
  }
}
