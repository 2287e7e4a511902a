import { type PairwiseDistanceOptions, pairwiseDistance, type Tensor } from "@kindling/tensor";
import { Module } from "../module.js";

/**
 * The p-norm of `x1 − x2 + eps` over the last dimension.
 *
 * **Shapes** x1, x2: [N, D] or [D], or others that broadcast; result: without the last dimension, with `keepdim` size 1.
 * Options: `p` (2), `eps` (1e-6), `keepdim` (false).
 * @example new PairwiseDistance().forward(zeros(1, 2), tensor([[3, 4]], { dtype: "float32" })); // → [5]
 */
export class PairwiseDistance extends Module {
  static readonly keepsNoTensors = true;
  readonly p: number;
  readonly eps: number;
  readonly keepdim: boolean;

  constructor(options: PairwiseDistanceOptions = {}) {
    super();
    this.p = options.p ?? 2;
    this.eps = options.eps ?? 1e-6;
    this.keepdim = options.keepdim ?? false;
  }

  forward(x1: Tensor, x2: Tensor): Tensor {
    const { p, eps, keepdim } = this;
    return pairwiseDistance(x1, x2, { p, eps, keepdim });
  }
}
