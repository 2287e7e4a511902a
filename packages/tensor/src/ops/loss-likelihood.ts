import { ShapeError, UsageError } from "../errors.js";
import { noGrad } from "../recorder.js";
import { formatShape, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { fullLike } from "./creation.js";
import { type Reduction, type ReductionOptions, reduceLoss } from "./loss-reduction.js";
import { where } from "./where.js";

/** Options of {@link klDiv}. */
export interface KlDivOptions {
  /** "batchmean" divides the sum by the first size, which is the divergence proper. Default "mean". */
  reduction?: Reduction | "batchmean";
  /** Whether the target holds log probabilities too. Default false. */
  logTarget?: boolean;
}

/**
 * Kullback–Leibler divergence `t · (ln t − x)`, where x holds log probabilities.
 *
 * **Shapes** x and target broadcast; result: a scalar, or with `reduction: "none"` their common shape.
 * Options: `reduction` ("mean"; "batchmean" is the divergence proper), `logTarget` (false).
 * @example
 * const [x, target] = [tensor([[0.5, 0.5]]).log(), tensor([[0.25, 0.75]])];
 * klDiv(x, target, { reduction: "batchmean" }); // → 0.1308
 */
export function klDiv(x: Tensor, target: Tensor, options: KlDivOptions = {}): Tensor {
  const { reduction = "mean", logTarget = false } = options;
  const losses = logTarget ? target.exp().mul(target.sub(x)) : target.xlogy(target).sub(target.mul(x));
  if (reduction !== "batchmean") return reduceLoss("klDiv", losses, reduction);
  return losses.sum().div(x.shape[0] ?? 1);
}

/** Options of {@link poissonNllLoss}. */
export interface PoissonNllOptions extends ReductionOptions {
  /** Whether x is the logarithm of the expected number. Default true. */
  logInput?: boolean;
  /** Whether to add Stirling's approximation of `ln t!`, where t > 1. Default false. */
  full?: boolean;
  /** Added to x before its logarithm is taken, if `logInput` is false. Default 1e-8. */
  eps?: number;
}

/**
 * Negative log likelihood of counts under a Poisson distribution: `exp(x) − t · x`, or without `logInput`
 * `x − t · ln(x + eps)`. `ln t!` does not depend on x and is left out unless `full`.
 *
 * **Shapes** x and target broadcast; result: a scalar, or with `reduction: "none"` their common shape.
 * Options: `logInput` (true), `full` (false), `eps` (1e-8), `reduction` ("mean").
 * @example poissonNllLoss(tensor([0, 1], { dtype: "float32" }), tensor([3, 2])); // → 0.8591
 */
export function poissonNllLoss(x: Tensor, target: Tensor, options: PoissonNllOptions = {}): Tensor {
  const { logInput = true, full = false, eps = 1e-8, reduction } = options;
  const losses = logInput ? x.exp().sub(target.mul(x)) : x.sub(target.mul(x.add(eps).log()));
  return reduceLoss("poissonNllLoss", full ? losses.add(stirling(target)) : losses, reduction);
}

/** `ln t!` for t > 1, else 0. */
function stirling(target: Tensor): Tensor {
  // Limited from below, so that no infinite derivative comes from where the result is 0.
  const safe = target.clampMin(1);
  const approximation = safe
    .mul(safe.log())
    .sub(safe)
    .add(safe.mul(2 * Math.PI).log(), { alpha: 0.5 });
  return where(target.le(1), 0, approximation);
}

/** Options of {@link gaussianNllLoss}. */
export interface GaussianNllOptions extends ReductionOptions {
  /** Whether to add the constant `ln(2π) / 2`. Default false. */
  full?: boolean;
  /** The variance is not taken smaller than this; its gradient is as if it had not been. Default 1e-6. */
  eps?: number;
}

/**
 * Negative log likelihood under normal distributions: `(ln v + (x − t)² / v) / 2` with `v = max(variance, eps)`.
 *
 * **Shapes** x and target broadcast; variance: a number, the shape of x, or that without its last dimension or with one
 * dimension of size 1; result: a scalar, or with `reduction: "none"` the common shape.
 * Options: `full` (false), `eps` (1e-6), `reduction` ("mean"). Source: Nix & Weigend 1994.
 * @throws ShapeError for a variance that does not fit; UsageError for a negative one.
 * @example gaussianNllLoss(tensor([0.5, 2]), tensor([0.5, 0]), tensor([0.25, 4])); // → 0.25
 */
export function gaussianNllLoss(
  x: Tensor,
  target: Tensor,
  variance: Tensor | number,
  options: GaussianNllOptions = {},
): Tensor {
  const op = "gaussianNllLoss";
  const { full = false, eps = 1e-6, reduction } = options;
  if (!(eps > 0)) throw new UsageError(`${op}: eps must be positive, got ${eps}`);
  const given = typeof variance === "number" ? fullLike(x.detach(), variance) : varianceFor(op, x, variance);
  if (given.detach().lt(0).any().item() !== 0) throw new UsageError(`${op}: the variance has negative entries`);
  const limited = given.clone();
  noGrad(() => limited.clamp_(eps));
  const losses = limited.log().add(x.sub(target).square().div(limited)).mul(0.5);
  return reduceLoss(op, full ? losses.add(0.5 * Math.log(2 * Math.PI)) : losses, reduction);
}

/** A variance in a shape that broadcasts with x. */
function varianceFor(op: string, x: Tensor, variance: Tensor): Tensor {
  if (sameShape(x.shape, variance.shape)) return variance;
  if (sameShape(x.shape.slice(0, -1), variance.shape)) return variance.unsqueeze(-1);
  const differing = variance.shape.filter((size, dim) => size !== x.shape[dim]);
  if (x.ndim === variance.ndim && differing.length === 1 && differing[0] === 1) return variance;
  throw new ShapeError(
    `${op}: expected a variance of shape ${formatShape(x.shape)}, that without its last dimension or with one size 1, got ${formatShape(variance.shape)}`,
  );
}
