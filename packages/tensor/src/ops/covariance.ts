import { defaultFloat, isFloatingPoint } from "../dtype.js";
import { DTypeError, ShapeError } from "../errors.js";
import { formatShape } from "../shape.js";
import type { Tensor } from "../tensor.js";

/** What {@link cov} takes besides the observations. */
export interface CovarianceOptions {
  /** What is subtracted from the number of observations in the divisor. Default 1. */
  correction?: number;
  /** How often each observation was made, as integers. Default: once. */
  fweights?: Tensor | null;
  /** How much each observation counts. Default: all the same. */
  aweights?: Tensor | null;
}

function checkWeights(name: string, weights: Tensor | null, count: number): Tensor | null {
  if (weights !== null && (weights.ndim !== 1 || weights.shape[0] !== count)) {
    throw new ShapeError(`cov: expected ${count} ${name}, one per observation, got ${formatShape(weights.shape)}`);
  }
  return weights;
}

/**
 * Covariances of variables, one a row: `(X − mean) W (X − mean)ᵀ / divisor`. The divisor is the sum of the weights minus
 * `correction`, or what makes up for unequal `aweights`.
 *
 * **Shapes** x: [variables, observations] or [observations]; weights: [observations]; result: [variables, variables] or [].
 * Options: `correction` (1), `fweights`, `aweights` (none).
 * @throws ShapeError for more dimensions, or other weights; DTypeError for frequencies that are no integers.
 * @example cov(tensor([[0, 1, 2], [2, 1, 0]])); // → [[1, -1], [-1, 1]]
 */
export function cov(x: Tensor, options: CovarianceOptions = {}): Tensor {
  if (x.ndim > 2) throw new ShapeError(`cov: expected at most two dimensions, got ${formatShape(x.shape)}`);
  if (x.dtype === "bool") throw new DTypeError('cov: not defined for bool; convert with .to("float32")');
  const { correction = 1 } = options;
  const rows = (isFloatingPoint(x.dtype) ? x : x.to(defaultFloat)).reshape(x.ndim < 2 ? [1, -1] : x.shape);
  const n = rows.shape[1] as number;
  const frequencies = checkWeights("fweights", options.fweights ?? null, n);
  const importance = checkWeights("aweights", options.aweights ?? null, n);
  if (frequencies !== null && isFloatingPoint(frequencies.dtype)) {
    throw new DTypeError(`cov: expected fweights to be integers, got ${frequencies.dtype}`);
  }
  const weights =
    frequencies !== null && importance !== null ? frequencies.mul(importance) : (frequencies ?? importance);
  const total = weights?.sum() ?? null;
  const mean = weights === null || total === null ? rows.mean(1) : rows.mul(weights).sum(1).div(total);
  const centered = rows.sub(mean.unsqueeze(1));
  const product = (weights === null ? centered : centered.mul(weights)).matmul(centered.t());
  let divisor: Tensor | number = Math.max(n - correction, 0);
  if (weights !== null && total !== null) {
    const lost =
      importance === null || correction === 0 ? correction : weights.mul(importance).sum().div(total).mul(correction);
    divisor = total.sub(lost).clampMin(0);
  }
  const result = product.div(divisor);
  return x.ndim < 2 ? result.reshape([]) : result;
}

/**
 * Correlations of variables, one a row, from −1 to 1: their covariance over the product of their deviations.
 *
 * **Shapes** x: [variables, observations] or [observations]; result: [variables, variables] or [].
 * @throws ShapeError for more dimensions.
 * @example corrcoef(tensor([[0, 1, 2], [4, 2, 0]])); // → [[1, -1], [-1, 1]]
 */
export function corrcoef(x: Tensor): Tensor {
  if (x.ndim > 2) throw new ShapeError(`corrcoef: expected at most two dimensions, got ${formatShape(x.shape)}`);
  const covariance = cov(x);
  if (covariance.ndim === 0) return covariance.div(covariance);
  const deviations = covariance.diagonal().sqrt();
  return covariance.div(deviations.unsqueeze(1)).div(deviations).clamp(-1, 1);
}
