import { UsageError } from "@kindling/tensor";
import type { Optimizer } from "../optimizer.js";
import { Scheduler, type SchedulerState } from "./scheduler.js";

/** Base of the schedulers that are made of others, all of one optimizer. */
export abstract class SchedulerGroup<T extends Scheduler> extends Scheduler {
  readonly #schedulers: readonly T[];

  constructor(optimizer: Optimizer, schedulers: readonly T[]) {
    super(optimizer);
    const stranger = schedulers.findIndex((scheduler) => scheduler.optimizer !== optimizer);
    if (stranger !== -1) {
      throw new UsageError(`${this.constructor.name}: scheduler ${stranger} belongs to another optimizer`);
    }
    this.#schedulers = [...schedulers];
  }

  get schedulers(): readonly T[] {
    return this.#schedulers;
  }

  abstract step(): void;

  override stateDict(): SchedulerState {
    return { ...super.stateDict(), schedulers: this.#schedulers.map((scheduler) => scheduler.stateDict()) };
  }

  override loadStateDict(state: SchedulerState): void {
    const { schedulers, ...own } = state;
    if (!Array.isArray(schedulers) || schedulers.length !== this.#schedulers.length) {
      throw new UsageError(`${this.constructor.name}: expected the states of ${this.#schedulers.length} schedulers`);
    }
    super.loadStateDict(own);
    for (const [i, scheduler] of this.#schedulers.entries()) scheduler.loadStateDict(schedulers[i]);
  }
}
