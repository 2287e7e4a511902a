import type { Optimizer } from "../optimizer.js";
import { LRScheduler } from "./lr-scheduler.js";

/** Half a cosine from the first learning rate to `etaMin` (default 0) in `tMax` epochs: `etaMin + (lr − etaMin) · (1 + cos(π · epoch / tMax)) / 2`. */
export class CosineAnnealingLR extends LRScheduler {
  readonly tMax: number;
  readonly etaMin: number;

  constructor(optimizer: Optimizer, tMax: number, options: { etaMin?: number } = {}) {
    super(optimizer);
    this.tMax = tMax;
    this.etaMin = options.etaMin ?? 0;
  }

  protected rate(base: number): number {
    return this.etaMin + ((base - this.etaMin) * (1 + Math.cos((Math.PI * this.lastEpoch) / this.tMax))) / 2;
  }
}
