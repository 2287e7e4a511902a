import { UsageError } from "@kindling/tensor";
import type { Optimizer } from "../optimizer.js";
import type { Scheduler } from "./scheduler.js";
import { SchedulerGroup } from "./scheduler-group.js";

/** Every scheduler but ReduceLROnPlateau, which needs a metric. */
export interface SteppingScheduler extends Scheduler {
  step(): void;
}

/**
 * Several schedulers of one optimizer, one after the other in every `step`.
 *
 * @throws UsageError if there are none, or they belong to different optimizers.
 * @example
 * const optimizer = new SGD([zeros(1, { requiresGrad: true })], { lr: 1 });
 * const warmUp = new ConstantLR(optimizer, { factor: 0.1, totalIters: 2 });
 * const scheduler = new ChainedScheduler([warmUp, new ExponentialLR(optimizer, 0.5)]);
 * const rates = Array.from({ length: 5 }, () => {
 *   scheduler.step();
 *   return scheduler.getLastLr()[0];
 * });
 * rates; // → [0.05, 0.25, 0.125, 0.0625, 0.0313]
 */
export class ChainedScheduler extends SchedulerGroup<SteppingScheduler> {
  constructor(schedulers: readonly SteppingScheduler[]) {
    if (schedulers.length === 0) throw new UsageError("ChainedScheduler: expected at least one scheduler");
    super(schedulers[0]?.optimizer as Optimizer, schedulers);
  }

  /** Steps all schedulers, in order. */
  step(): void {
    for (const scheduler of this.schedulers) scheduler.step();
  }
}
