import { type LocalResponseNormOptions, localResponseNorm, type Tensor } from "@kindling/tensor";
import { Module } from "../module.js";
import { showFloat } from "../repr.js";

/**
 * Divides each element by a power of the mean square of `size` neighbouring channels. See `localResponseNorm`.
 *
 * **Shapes** x: [N, C, ...]; result: the same. Options: `alpha` (1e-4), `beta` (0.75), `k` (1).
 * Source: Krizhevsky et al. 2012.
 * @throws ShapeError for fewer than 3 dimensions; UsageError for a bad size.
 * @example new LocalResponseNorm(2).forward(randn([32, 5, 24, 24])).shape; // → [32, 5, 24, 24]
 */
export class LocalResponseNorm extends Module {
  static readonly keepsNoTensors = true;
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly k: number;

  constructor(size: number, options: LocalResponseNormOptions = {}) {
    super();
    const { alpha = 1e-4, beta = 0.75, k = 1 } = options;
    this.size = size;
    this.alpha = alpha;
    this.beta = beta;
    this.k = k;
  }

  forward(x: Tensor): Tensor {
    const { size, alpha, beta, k } = this;
    return localResponseNorm(x, size, { alpha, beta, k });
  }

  override extraRepr(): string {
    return `${this.size}, alpha=${showFloat(this.alpha)}, beta=${showFloat(this.beta)}, k=${showFloat(this.k)}`;
  }
}
