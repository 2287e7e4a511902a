import { type Tensor, UsageError } from "@kindling/tensor";
import { showFloat } from "../repr.js";
import { Activation, type InplaceOptions } from "./activation.js";

/**
 * `min(max(x, minVal), maxVal)` of every element; no gradient at the bounds.
 *
 * **Shapes** any; result: the same. Options: `inplace` (false). Defaults: `minVal` −1, `maxVal` 1.
 * @throws UsageError unless minVal < maxVal.
 * @example new Hardtanh(0, 1).forward(tensor([-1, 0.25, 2])); // → [0, 0.25, 1]
 */
export class Hardtanh extends Activation {
  static readonly keepsNoTensors = true;
  readonly minVal: number;
  readonly maxVal: number;

  constructor(minVal = -1, maxVal = 1, options: InplaceOptions = {}) {
    super(options);
    if (!(minVal < maxVal)) throw new UsageError(`Hardtanh: expected minVal < maxVal, got ${minVal} and ${maxVal}`);
    this.minVal = minVal;
    this.maxVal = maxVal;
  }

  protected activate(x: Tensor): Tensor {
    return x.hardtanh(this.minVal, this.maxVal);
  }

  protected override ownRepr(): string {
    return `min_val=${showFloat(this.minVal)}, max_val=${showFloat(this.maxVal)}`;
  }
}
