import { drawFloat } from "../draws.js";
import { DrawnSteps } from "./containers.js";
import { type Probability, probabilityOf } from "./occasional.js";
import type { Step } from "./transform.js";

/**
 * Transforms one after the other with probability `p` (default 0.5), or none of them.
 *
 * @throws UsageError when `p` is no probability.
 * @example
 * const image = arange(4, { dtype: "uint8" }).reshape([1, 2, 2]);
 * manualSeed(0);
 * const apply = new transforms.RandomApply([new transforms.RandomInvert(1)], { p: 0.3 });
 * [0, 1, 2].map(() => apply.forward(image).select(1, 0).toArray()); // → [[[0, 1]], [[0, 1]], [[255, 254]]]
 */
export class RandomApply extends DrawnSteps {
  readonly p: number;

  constructor(transforms: readonly Step[], p: Probability = 0.5) {
    super(transforms);
    this.p = probabilityOf("RandomApply", p);
  }

  choose(): readonly number[] {
    return Math.fround(this.p) < drawFloat() ? [] : this.transforms.map((_, index) => index);
  }

  override toString(): string {
    return `RandomApply(\n    p=${this.p}${this.lines()}\n)`;
  }
}
