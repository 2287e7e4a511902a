import { inPlace, type Tensor } from "@kindling/tensor";
import { Module } from "../module.js";
import { showBool } from "../repr.js";

/** The option of activations. */
export interface InplaceOptions {
  /** Whether the result is written over the input, as in PyTorch. It saves no memory here. Default false. */
  inplace?: boolean;
}

/** Base of the layers that can overwrite their input. */
export abstract class Activation extends Module {
  readonly inplace: boolean;

  constructor(options: InplaceOptions = {}) {
    super();
    this.inplace = options.inplace ?? false;
  }

  /** The result as a new tensor. */
  protected abstract activate(x: Tensor): Tensor;

  forward(x: Tensor): Tensor {
    if (!this.inplace) return this.activate(x);
    const compute = (old: Tensor): Tensor => this.activate(old);
    return inPlace(x, [], (self) => self.overwrite(compute(self)), compute);
  }

  /** The layer's own options as they are shown. */
  protected ownRepr(): string {
    return "";
  }

  override extraRepr(): string {
    return [this.ownRepr(), this.inplace ? `inplace=${showBool(true)}` : ""].filter((part) => part !== "").join(", ");
  }
}
