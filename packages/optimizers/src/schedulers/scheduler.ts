import { UsageError } from "@kindling/tensor";
import type { Optimizer } from "../optimizer.js";

/** What a scheduler's state consists of: everything in it can be written as JSON, but for infinities. */
export type SchedulerValue = number | string | boolean | readonly SchedulerValue[] | SchedulerState;

/** What a scheduler's `stateDict` gives. */
export interface SchedulerState {
  readonly [name: string]: SchedulerValue;
}

/**
 * What all schedulers share: they set the learning rates of one optimizer, and their public fields are their state.
 * @example
 * const optimizer = new SGD([zeros(1, { requiresGrad: true })], { lr: 1 });
 * const scheduler = new StepLR(optimizer, 2);
 * scheduler.step();
 * const saved = scheduler.stateDict();
 * const resumed = new StepLR(optimizer, 2);
 * resumed.loadStateDict(saved);
 * resumed.lastEpoch; // → 1
 */
export abstract class Scheduler {
  readonly optimizer: Optimizer;

  constructor(optimizer: Optimizer) {
    this.optimizer = optimizer;
  }

  /** The learning rate of every parameter group, as it is now. */
  getLastLr(): number[] {
    return this.optimizer.paramGroups.map((group) => group.lr);
  }

  /** Options and counters. The learning rates are in the optimizer's own state: save both. Functions are not saved. */
  stateDict(): SchedulerState {
    return structuredClone(this.#fields());
  }

  /**
   * Takes over a state that `stateDict` gave.
   *
   * @throws UsageError if it is not of this kind of scheduler; then nothing is changed.
   */
  loadStateDict(state: SchedulerState): void {
    const own = this.#fields();
    const name = this.constructor.name;
    for (const key of new Set([...Object.keys(own), ...Object.keys(state)])) {
      const [mine, given] = [own[key], state[key]];
      if (mine === undefined) throw new UsageError(`${name}: unexpected "${key}" in the loaded state`);
      if (given === undefined) throw new UsageError(`${name}: the loaded state lacks "${key}"`);
      if (typeof given !== typeof mine || Array.isArray(given) !== Array.isArray(mine)) {
        throw new UsageError(
          `${name}: "${key}" of the loaded state is no ${Array.isArray(mine) ? "list" : typeof mine}`,
        );
      }
    }
    Object.assign(this, structuredClone(state));
  }

  #fields(): SchedulerState {
    const { optimizer: _, ...fields } = this;
    const entries: [string, unknown][] = Object.entries(fields).filter(([, value]) => typeof value !== "function");
    return Object.fromEntries(entries) as SchedulerState;
  }

  /** One value for all parameter groups as a list, or the list if it has one for each. */
  protected perGroup<T>(what: string, value: T | readonly T[]): readonly T[] {
    const { length } = this.optimizer.paramGroups;
    if (!Array.isArray(value)) return Array<T>(length).fill(value as T);
    if (value.length === length) return [...value];
    throw new UsageError(
      `${this.constructor.name}: expected a ${what} for each of the ${length} parameter groups, got ${value.length}`,
    );
  }
}
