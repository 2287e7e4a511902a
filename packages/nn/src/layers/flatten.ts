import type { Tensor } from "@kindling/tensor";
import { Module } from "../module.js";

/**
 * Merges the dimensions from `startDim` to `endDim` into one.
 *
 * **Shapes** x: [..., a, b, ..., c, ...]; result: [..., a·b·…·c, ...]. Defaults: `startDim` 1, `endDim` −1.
 * @throws ShapeError for a dimension out of range, or if startDim comes after endDim.
 * @example new Flatten().forward(randn([8, 3, 4, 4])).shape; // → [8, 48]
 */
export class Flatten extends Module {
  static readonly keepsNoTensors = true;
  readonly startDim: number;
  readonly endDim: number;

  constructor(startDim = 1, endDim = -1) {
    super();
    this.startDim = startDim;
    this.endDim = endDim;
  }

  forward(x: Tensor): Tensor {
    return x.flatten(this.startDim, this.endDim);
  }

  override extraRepr(): string {
    return `start_dim=${this.startDim}, end_dim=${this.endDim}`;
  }
}
