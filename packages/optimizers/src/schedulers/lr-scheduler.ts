import type { Optimizer } from "../optimizer.js";

/** Base of the schedulers: a subclass says what each group's learning rate is after `lastEpoch` steps. */
export abstract class LRScheduler {
  readonly optimizer: Optimizer;
  readonly baseLrs: readonly number[];
  /** How often `step` was called. */
  lastEpoch = 0;

  constructor(optimizer: Optimizer) {
    this.optimizer = optimizer;
    for (const group of optimizer.paramGroups) group.initialLr ??= group.lr;
    this.baseLrs = optimizer.paramGroups.map((group) => group.initialLr as number);
  }

  /** The learning rate of a group from the one it started with; `current` is the one now. */
  protected abstract rate(base: number, current: number, group: number): number;

  /** Sets the learning rates; a subclass calls it at the end of its constructor. */
  protected apply(): void {
    this.optimizer.paramGroups.forEach((group, i) => {
      group.lr = this.rate(this.baseLrs[i] as number, group.lr, i);
    });
  }

  /** To call after the optimizer's steps of an epoch. */
  step(): void {
    this.lastEpoch++;
    this.apply();
  }

  getLastLr(): number[] {
    return this.optimizer.paramGroups.map((group) => group.lr);
  }

  stateDict(): { lastEpoch: number } {
    return { lastEpoch: this.lastEpoch };
  }

  loadStateDict(state: { lastEpoch: number }): void {
    this.lastEpoch = state.lastEpoch;
  }
}
