import { UsageError } from "@kindling/tensor";
import type { Optimizer } from "../optimizer.js";
import type { LRScheduler } from "./lr-scheduler.js";
import { SchedulerGroup } from "./scheduler-group.js";

/**
 * One scheduler after the other: the next one takes over, from the first learning rate, at each of `milestones`.
 *
 * @throws UsageError unless there is one scheduler more than milestones, all of this optimizer.
 * @example
 * const optimizer = new SGD([zeros(1, { requiresGrad: true })], { lr: 1 });
 * const warmUp = new LinearLR(optimizer, { startFactor: 0.5, totalIters: 2 });
 * const scheduler = new SequentialLR(optimizer, [warmUp, new ExponentialLR(optimizer, 0.5)], [2]);
 * const rates = Array.from({ length: 5 }, () => {
 *   scheduler.step();
 *   return scheduler.getLastLr()[0];
 * });
 * rates; // → [0.75, 1, 0.5, 0.25, 0.125]
 */
export class SequentialLR extends SchedulerGroup<LRScheduler> {
  readonly milestones: readonly number[];
  /** How often `step` was called. */
  lastEpoch = 0;

  constructor(optimizer: Optimizer, schedulers: readonly LRScheduler[], milestones: readonly number[]) {
    super(optimizer, schedulers);
    if (schedulers.length !== milestones.length + 1) {
      throw new UsageError(
        `SequentialLR: expected one scheduler more than milestones, got ${schedulers.length} and ${milestones.length}`,
      );
    }
    this.milestones = [...milestones];
    // Every scheduler has set its first learning rate already; only the first one's counts.
    for (const group of optimizer.paramGroups) group.lr = group.initialLr as number;
    schedulers[0]?.restart();
  }

  /** Steps the scheduler whose turn it is. */
  step(): void {
    this.lastEpoch++;
    const index = this.milestones.filter((milestone) => milestone <= this.lastEpoch).length;
    const scheduler = this.schedulers[index] as LRScheduler;
    if (this.milestones[index - 1] === this.lastEpoch) scheduler.restart();
    else scheduler.step();
  }
}
