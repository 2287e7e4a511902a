import type { Tensor } from "@kindling/tensor";
import { Module } from "../module.js";
import { showSize } from "../repr.js";

/**
 * Splits the dimension `dim` into several; one of the sizes may be −1.
 *
 * **Shapes** x: [..., a·b·…, ...]; result: [..., a, b, …, ...].
 * @throws ShapeError if the sizes do not multiply to that of the dimension.
 * @example new Unflatten(1, [3, 4, 4]).forward(randn([8, 48])).shape; // → [8, 3, 4, 4]
 */
export class Unflatten extends Module {
  static readonly keepsNoTensors = true;
  readonly dim: number;
  readonly unflattenedSize: readonly number[];

  constructor(dim: number, unflattenedSize: readonly number[]) {
    super();
    this.dim = dim;
    this.unflattenedSize = [...unflattenedSize];
  }

  forward(x: Tensor): Tensor {
    return x.unflatten(this.dim, this.unflattenedSize);
  }

  override extraRepr(): string {
    return `dim=${this.dim}, unflattened_size=${showSize(this.unflattenedSize)}`;
  }
}
