import type { Optimizer } from "../optimizer.js";
import { LRScheduler } from "./lr-scheduler.js";

/** The first learning rate times `factor(epoch)`; one function for all groups or one for each. */
export class LambdaLR extends LRScheduler {
  readonly factor: ((epoch: number) => number) | readonly ((epoch: number) => number)[];

  constructor(optimizer: Optimizer, factor: ((epoch: number) => number) | readonly ((epoch: number) => number)[]) {
    super(optimizer);
    this.factor = factor;
    this.apply();
  }

  protected rate(base: number, current: number, group: number): number {
    const factor = typeof this.factor === "function" ? this.factor : this.factor[group];
    return factor === undefined ? current : base * factor(this.lastEpoch);
  }
}
