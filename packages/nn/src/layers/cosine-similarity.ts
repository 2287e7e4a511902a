import { cosineSimilarity, type Tensor } from "@kindling/tensor";
import { Module } from "../module.js";

/** Options of {@link CosineSimilarity}. */
export interface CosineSimilarityOptions {
  /** The dimension of the vectors. Default 1. */
  dim?: number;
  /** The smallest length that is divided by. Default 1e-8. */
  eps?: number;
}

/**
 * Cosine of the angle between vectors along `dim`: `x1 · x2 / (max(‖x1‖, eps) · max(‖x2‖, eps))`.
 *
 * **Shapes** x1, x2: any that broadcast; result: their common shape without `dim`. Options: `dim` (1), `eps` (1e-8).
 * @example
 * new CosineSimilarity().forward(tensor([[3, 4]], { dtype: "float32" }), tensor([[1, 0]], { dtype: "float32" })); // → [0.6]
 */
export class CosineSimilarity extends Module {
  static readonly keepsNoTensors = true;
  readonly dim: number;
  readonly eps: number;

  constructor(options: CosineSimilarityOptions = {}) {
    super();
    this.dim = options.dim ?? 1;
    this.eps = options.eps ?? 1e-8;
  }

  forward(x1: Tensor, x2: Tensor): Tensor {
    return cosineSimilarity(x1, x2, { dim: this.dim, eps: this.eps });
  }
}
