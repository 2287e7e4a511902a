import { ShapeError, UsageError } from "../errors.js";
import { formatShape, numberOfElements } from "../shape.js";
import type { Tensor } from "../tensor.js";

/** Options of {@link localResponseNorm}. */
export interface LocalResponseNormOptions {
  /** Factor of the mean square. Default 1e-4. */
  alpha?: number;
  /** Exponent of the divisor. Default 0.75. */
  beta?: number;
  /** Added to the mean square. Default 1. */
  k?: number;
}

/**
 * Divides each element by a power of the mean square of `size` channels around it, zeros beyond the first and the last:
 * `y = x / (k + alpha · mean(x²))^beta`.
 *
 * **Shapes** x: [N, C, ...]; result: the same. Options: `alpha` (1e-4), `beta` (0.75), `k` (1).
 * Source: Krizhevsky et al. 2012.
 * @throws ShapeError for fewer than 3 dimensions; UsageError for a bad size; DTypeError for integers.
 * @example localResponseNorm(ones(1, 3, 1), 3, { alpha: 3, beta: 1 }); // → [[[0.3333], [0.25], [0.3333]]]
 */
export function localResponseNorm(x: Tensor, size: number, options: LocalResponseNormOptions = {}): Tensor {
  const op = "localResponseNorm";
  const { alpha = 1e-4, beta = 0.75, k = 1 } = options;
  if (x.ndim < 3) throw new ShapeError(`${op}: expected an input [N, C, ...], got ${formatShape(x.shape)}`);
  if (!Number.isInteger(size) || size < 1) {
    throw new UsageError(`${op}: size must be a whole number of at least 1, got ${size}`);
  }
  const count = numberOfElements(x.shape);
  if (count === 0) return x.clone();
  const [batch, channels] = x.shape as [number, number];
  const before = Math.floor(size / 2);
  const squares = x.square().reshape([batch, 1, channels, count / (batch * channels)]);
  const means = squares.pad([0, 0, before, size - 1 - before]).avgPool2d([size, 1], { stride: 1 });
  return x.div(means.mul(alpha).add(k).pow(beta).reshape(x.shape));
}
