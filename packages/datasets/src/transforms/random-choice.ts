import { multinomial, tensor, UsageError } from "@kindling/tensor";
import { DrawnSteps } from "./containers.js";
import type { Step } from "./transform.js";

/** How likely the transforms of `RandomChoice` are. */
export interface RandomChoiceOptions {
  /** How likely each transform is, in any unit. Default: all equally. */
  p?: readonly number[] | null;
}

/**
 * One of several transforms, drawn as torchvision's v2 does: by `multinomial`.
 *
 * Options: `p` (all equally likely).
 *
 * @throws UsageError when there are no transforms, or not as many probabilities, or one is negative or all are 0.
 * @example
 * const image = arange(4, { dtype: "uint8" }).reshape([1, 2, 2]);
 * manualSeed(0);
 * const choice = new transforms.RandomChoice([new transforms.Pad(1), new transforms.CenterCrop(1)], { p: [1, 3] });
 * [0, 1, 2].map(() => choice.forward(image).shape); // → [[1, 1, 1], [1, 4, 4], [1, 1, 1]]
 */
export class RandomChoice extends DrawnSteps {
  readonly p: readonly number[];

  constructor(transforms: readonly Step[], options: RandomChoiceOptions = {}) {
    super(transforms);
    const p = options.p ?? transforms.map(() => 1);
    const sum = p.reduce((total, each) => total + each, 0);
    if (transforms.length === 0 || p.length !== transforms.length || !p.every((each) => each >= 0) || !(sum > 0)) {
      throw new UsageError(
        `RandomChoice: expected at least one transform and a probability of at least 0 for each, not all 0, got ${transforms.length} transforms and [${p.join(", ")}]`,
      );
    }
    this.p = p.map((each) => each / sum);
  }

  choose(): readonly number[] {
    return [multinomial(tensor(this.p, { dtype: "float32" }), 1).item()];
  }

  override toString(): string {
    return `RandomChoice(${this.lines()}\n)(p=[${this.p.join(", ")}])`;
  }
}
