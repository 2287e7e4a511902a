import type { Tensor } from "@kindling/tensor";
import { Activation, type InplaceOptions } from "./activation.js";

/**
 * `x` where it is larger than `threshold`, else `value`.
 *
 * **Shapes** any; result: the same. Options: `inplace` (false).
 * @example new Threshold(1, -9).forward(tensor([0.5, 1.5])); // → [-9, 1.5]
 */
export class Threshold extends Activation {
  static readonly keepsNoTensors = true;
  readonly threshold: number;
  readonly value: number;

  constructor(threshold: number, value: number, options: InplaceOptions = {}) {
    super(options);
    this.threshold = threshold;
    this.value = value;
  }

  protected activate(x: Tensor): Tensor {
    return x.threshold(this.threshold, this.value);
  }

  protected override ownRepr(): string {
    return `threshold=${this.threshold}, value=${this.value}`;
  }
}
