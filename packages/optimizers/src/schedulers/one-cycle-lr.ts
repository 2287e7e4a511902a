import { UsageError } from "@kindling/tensor";
import type { Optimizer } from "../optimizer.js";
import { LRScheduler, type SchedulerOptions } from "./lr-scheduler.js";
import { checkMomentum, setMomentum } from "./momentum.js";

/** Options of {@link OneCycleLR}. */
export interface OneCycleOptions extends SchedulerOptions {
  /** How many steps the cycle has. Needed, unless `epochs` and `stepsPerEpoch` are given. */
  totalSteps?: number;
  epochs?: number;
  stepsPerEpoch?: number;
  /** Share of the steps in which the learning rate rises. Default 0.3. */
  pctStart?: number;
  /** Along half a cosine or a straight line. Default "cos". */
  annealStrategy?: "cos" | "linear";
  /** Whether the momentum falls while the learning rate rises, and rises again. Default true. */
  cycleMomentum?: boolean;
  /** The momentum where the learning rate is largest. Default 0.85. */
  baseMomentum?: number | readonly number[];
  /** The momentum at the beginning and at the end. Default 0.95. */
  maxMomentum?: number | readonly number[];
  /** The first learning rate is `maxLr / divFactor`. Default 25. */
  divFactor?: number;
  /** The last learning rate is the first one divided by this. Default 10,000. */
  finalDivFactor?: number;
  /** Whether the learning rate first falls back to where it started, then to the last one. Default false. */
  threePhase?: boolean;
}

type Rate = "initial" | "max" | "min";

/** Up to step `end` the learning rate goes from one value to another; the momentum is lowest where it is `max`. */
interface Phase {
  readonly end: number;
  readonly from: Rate;
  readonly to: Rate;
}

function positive(what: string, value: number | undefined): number {
  if (value === undefined || !Number.isInteger(value) || value < 1) {
    throw new UsageError(`OneCycleLR: ${what} must be a whole number of at least 1, got ${value}`);
  }
  return value;
}

function countSteps(options: OneCycleOptions): number {
  const { totalSteps, epochs, stepsPerEpoch } = options;
  if (totalSteps !== undefined) return positive("totalSteps", totalSteps);
  if (epochs === undefined && stepsPerEpoch === undefined) {
    throw new UsageError("OneCycleLR: give totalSteps, or epochs and stepsPerEpoch");
  }
  return positive("epochs", epochs) * positive("stepsPerEpoch", stepsPerEpoch);
}

/**
 * One cycle: the learning rate rises from `maxLr / divFactor` to `maxLr`, then falls to a small fraction of it, while
 * the momentum (or Adam's first beta) goes the other way. `step` counts batches, not epochs.
 *
 * Options and defaults: `totalSteps` or `epochs` and `stepsPerEpoch`, `pctStart` 0.3, `annealStrategy` "cos",
 * `cycleMomentum` true, `baseMomentum` 0.85, `maxMomentum` 0.95, `divFactor` 25, `finalDivFactor` 10,000,
 * `threePhase` false, `lastEpoch` −1. Source: Smith & Topin 2017.
 * @throws UsageError for an option out of range, and from `step` beyond the total.
 * @example
 * const optimizer = new SGD([zeros(1, { requiresGrad: true })], { lr: 1 });
 * const scheduler = new OneCycleLR(optimizer, 1, { totalSteps: 6, cycleMomentum: false });
 * const rates = Array.from({ length: 4 }, () => {
 *   scheduler.step();
 *   return scheduler.getLastLr()[0];
 * });
 * rates; // → [0.9944, 0.8117, 0.4626, 0.1335]
 */
export class OneCycleLR extends LRScheduler {
  readonly totalSteps: number;
  readonly pctStart: number;
  readonly annealStrategy: "cos" | "linear";
  readonly cycleMomentum: boolean;
  readonly threePhase: boolean;
  readonly maxLrs: readonly number[];
  readonly minLrs: readonly number[];
  readonly baseMomentums: readonly number[];
  readonly maxMomentums: readonly number[];

  constructor(optimizer: Optimizer, maxLr: number | readonly number[], options: OneCycleOptions = {}) {
    super(optimizer, options);
    const { pctStart = 0.3, annealStrategy = "cos", cycleMomentum = true, threePhase = false } = options;
    const { baseMomentum = 0.85, maxMomentum = 0.95, divFactor = 25, finalDivFactor = 1e4 } = options;
    this.totalSteps = countSteps(options);
    if (!(pctStart >= 0 && pctStart <= 1)) {
      throw new UsageError(`OneCycleLR: pctStart must be between 0 and 1, got ${pctStart}`);
    }
    if (annealStrategy !== "cos" && annealStrategy !== "linear") {
      throw new UsageError(`OneCycleLR: annealStrategy must be "cos" or "linear", got ${annealStrategy}`);
    }
    this.pctStart = pctStart;
    this.annealStrategy = annealStrategy;
    this.cycleMomentum = cycleMomentum;
    this.threePhase = threePhase;
    this.maxLrs = this.perGroup("maxLr", maxLr);
    this.minLrs = this.maxLrs.map((lr) => lr / divFactor / finalDivFactor);
    this.baseMomentums = this.perGroup("baseMomentum", baseMomentum);
    this.maxMomentums = this.perGroup("maxMomentum", maxMomentum);
    if (cycleMomentum) checkMomentum("OneCycleLR", optimizer);
    if (this.lastEpoch === -1) {
      optimizer.paramGroups.forEach((group, i) => {
        group.initialLr = (this.maxLrs[i] as number) / divFactor;
      });
    }
    this.start();
  }

  #phases(): readonly Phase[] {
    const { pctStart, totalSteps } = this;
    const rise: Phase = { end: pctStart * totalSteps - 1, from: "initial", to: "max" };
    if (!this.threePhase) return [rise, { end: totalSteps - 1, from: "max", to: "min" }];
    const fall: Phase = { end: 2 * pctStart * totalSteps - 2, from: "max", to: "initial" };
    return [rise, fall, { end: totalSteps - 1, from: "initial", to: "min" }];
  }

  #anneal(from: number, to: number, share: number): number {
    if (this.annealStrategy === "linear") return (to - from) * share + from;
    return to + ((from - to) / 2) * (Math.cos(Math.PI * share) + 1);
  }

  protected rate(base: number, _current: number, group: number): number {
    const step = this.lastEpoch;
    if (step > this.totalSteps) {
      throw new UsageError(`OneCycleLR: step ${step + 1} is beyond the total of ${this.totalSteps} steps`);
    }
    const phases = this.#phases();
    const found = phases.findIndex(({ end }) => step <= end);
    const index = found === -1 ? phases.length - 1 : found;
    const { end, from, to } = phases[index] as Phase;
    const start = phases[index - 1]?.end ?? 0;
    // A phase of no length, with which PyTorch divides by zero, is over at once.
    const share = end === start ? 1 : (step - start) / (end - start);
    const [most, least] = [this.maxMomentums[group] as number, this.baseMomentums[group] as number];
    if (this.cycleMomentum) {
      const momentum = this.#anneal(from === "max" ? least : most, to === "max" ? least : most, share);
      setMomentum(this.optimizer, group, momentum);
    }
    const rates = { initial: base, max: this.maxLrs[group] as number, min: this.minLrs[group] as number };
    return this.#anneal(rates[from], rates[to], share);
  }
}
