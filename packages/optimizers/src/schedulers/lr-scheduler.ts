import { UsageError } from "@kindling/tensor";
import type { Optimizer } from "../optimizer.js";
import { Scheduler } from "./scheduler.js";

/** The option of every scheduler that counts. */
export interface SchedulerOptions {
  /**
   * The epoch after which a run goes on; the optimizer's groups then need the `initialLr` that its state dict holds.
   * Default −1: from the beginning.
   */
  lastEpoch?: number;
}

/**
 * Base of the schedulers that count: a subclass says what a group's learning rate is when `lastEpoch` has become one
 * more, and ends its constructor with `this.start()`.
 * @example
 * class Halving extends LRScheduler {
 *   constructor(optimizer: Optimizer) {
 *     super(optimizer);
 *     this.start();
 *   }
 *   protected rate(base: number) {
 *     return base / 2 ** this.lastEpoch;
 *   }
 * }
 * const optimizer = new SGD([zeros(1, { requiresGrad: true })], { lr: 1 });
 * const scheduler = new Halving(optimizer);
 * scheduler.step();
 * scheduler.getLastLr(); // → [0.5]
 */
export abstract class LRScheduler extends Scheduler {
  /** The learning rates that the groups started with. */
  baseLrs: readonly number[] = [];
  /** How often `step` was called. */
  lastEpoch: number;

  constructor(optimizer: Optimizer, options: SchedulerOptions = {}) {
    super(optimizer);
    this.lastEpoch = options.lastEpoch ?? -1;
  }

  /**
   * The learning rate of a group at `lastEpoch`; `base` is the one it started with, `current` the one now. What is
   * computed from `current` goes together with other schedulers and with changes by hand.
   */
  protected abstract rate(base: number, current: number, group: number): number;

  /** Notes where the learning rates start, and sets the first ones. */
  protected start(): void {
    this.optimizer.paramGroups.forEach((group, i) => {
      if (this.lastEpoch === -1) group.initialLr ??= group.lr;
      else if (group.initialLr === undefined) {
        throw new UsageError(
          `${this.constructor.name}: to go on after epoch ${this.lastEpoch}, parameter group ${i} needs its initialLr; load the optimizer's state first`,
        );
      }
    });
    this.baseLrs = this.optimizer.paramGroups.map((group) => group.initialLr as number);
    this.step();
  }

  /** To call after the optimizer's steps of an epoch (of a batch, where the scheduler counts batches). */
  step(): void {
    this.lastEpoch++;
    this.optimizer.paramGroups.forEach((group, i) => {
      group.lr = this.rate(this.baseLrs[i] as number, group.lr, i);
    });
  }

  /** Starts over from the first learning rates, whatever they are now. */
  restart(): void {
    this.optimizer.paramGroups.forEach((group, i) => {
      group.lr = this.baseLrs[i] as number;
    });
    this.lastEpoch = -1;
    this.step();
  }
}
