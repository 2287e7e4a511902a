import { ShapeError, UsageError } from "../errors.js";
import { formatShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { minimum } from "./binary.js";
import { pairwiseDistance } from "./distance.js";
import type { MarginOptions } from "./loss-margin.js";
import { type ReductionOptions, reduceLoss } from "./loss-reduction.js";
import { where } from "./where.js";

/** Keeps the length of a vector of zeros from being 0, as in PyTorch. */
const tiny = 1e-12;

/**
 * With c the cosine of the angle between two vectors: `1 − c` where the target is 1, `max(0, c − margin)` where it is −1.
 *
 * **Shapes** x, other: [N, D] with a target [N], or [D] with a target []; result: a scalar, or with `reduction: "none"` the
 * target's shape. Options: `margin` (0), `reduction` ("mean").
 * @throws ShapeError for shapes that do not fit.
 * @example
 * const [x, other] = [tensor([[1, 0], [3, 4]], { dtype: "float32" }), tensor([[0, 1], [3, 4]], { dtype: "float32" })];
 * cosineEmbeddingLoss(x, other, tensor([1, -1]), { reduction: "none" }); // → [1, 1]
 */
export function cosineEmbeddingLoss(x: Tensor, other: Tensor, target: Tensor, options: MarginOptions = {}): Tensor {
  const op = "cosineEmbeddingLoss";
  const { margin = 0, reduction } = options;
  if (target.ndim > 1 || x.ndim !== target.ndim + 1 || other.ndim !== target.ndim + 1) {
    throw new ShapeError(
      `${op}: expected inputs [N, D] and a target [N], or [D] and [], got ${[x, other, target].map(({ shape }) => formatShape(shape)).join(", ")}`,
    );
  }
  const squares = (vectors: Tensor): Tensor => vectors.square().sum(-1).add(tiny);
  const cosine = x
    .mul(other)
    .sum(-1)
    .div(squares(x).mul(squares(other)).sqrt());
  const alike = where(target.eq(1), cosine.rsub(1), 0);
  const apart = where(target.eq(-1), cosine.sub(margin).clampMin(0), 0);
  return reduceLoss(op, alike.add(apart), reduction);
}

/** Options of {@link tripletMarginLoss}. */
export interface TripletMarginOptions extends MarginOptions {
  /** Exponent of the norm. Default 2. */
  p?: number;
  /** Added to every difference. Default 1e-6. */
  eps?: number;
  /** Whether the negative counts as near too if it is near the positive. Default false. */
  swap?: boolean;
}

/** Options of {@link tripletMarginWithDistanceLoss}. */
export interface TripletMarginWithDistanceOptions extends MarginOptions {
  /** How far two tensors are apart. Default `pairwiseDistance`. */
  distanceFunction?: ((a: Tensor, b: Tensor) => Tensor) | null;
  /** Whether the negative counts as near too if it is near the positive. Default false. */
  swap?: boolean;
}

function ofTriplet(
  op: string,
  [anchor, positive, negative]: readonly [Tensor, Tensor, Tensor],
  distance: (a: Tensor, b: Tensor) => Tensor,
  { margin = 1, swap = false, reduction }: { margin?: number; swap?: boolean } & ReductionOptions,
): Tensor {
  if (!(margin > 0)) throw new UsageError(`${op}: margin must be above 0, got ${margin}`);
  if (anchor.ndim !== positive.ndim || anchor.ndim !== negative.ndim) {
    const shapes = [anchor, positive, negative].map(({ shape }) => formatShape(shape)).join(", ");
    throw new ShapeError(`${op}: expected anchor, positive and negative of as many dimensions, got ${shapes}`);
  }
  const near = distance(anchor, positive);
  const far = distance(anchor, negative);
  const nearest = swap ? minimum(far, distance(positive, negative)) : far;
  return reduceLoss(op, near.sub(nearest).add(margin).clampMin(0), reduction);
}

/**
 * Loss of an anchor that is not nearer to its positive than to its negative by a margin:
 * `max(0, d(anchor, positive) − d(anchor, negative) + margin)` with `d(a, b)` the p-norm of `a − b + eps`.
 *
 * **Shapes** all three: [N, D] or [D] (they broadcast); result: a scalar, or with `reduction: "none"` [N] or [].
 * Options: `margin` (1), `p` (2), `eps` (1e-6), `swap` (false), `reduction` ("mean"). Source: Balntas et al. 2016.
 * @throws ShapeError for shapes that do not fit; UsageError unless the margin is positive.
 * @example
 * const [anchor, near, far] = [zeros(1, 2), tensor([[0.5, 0]]), tensor([[0, 1.25]])];
 * tripletMarginLoss(anchor, near, far); // → 0.25
 */
export function tripletMarginLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options: TripletMarginOptions = {},
): Tensor {
  const { p = 2, eps = 1e-6, ...rest } = options;
  const distance = (a: Tensor, b: Tensor): Tensor => pairwiseDistance(a, b, { p, eps });
  return ofTriplet("tripletMarginLoss", [anchor, positive, negative], distance, rest);
}

/**
 * `tripletMarginLoss` with a distance of your own.
 *
 * **Shapes** what the distance takes; result: a scalar, or with `reduction: "none"` what it gives.
 * Options: `distanceFunction` (`pairwiseDistance`), `margin` (1), `swap` (false), `reduction` ("mean").
 * @throws ShapeError for numbers of dimensions that differ; UsageError unless the margin is positive.
 * @example
 * const [anchor, near, far] = [zeros(1, 2), tensor([[0.5, 0]]), tensor([[0, 1.25]])];
 * const distanceFunction = (a: Tensor, b: Tensor) => a.sub(b).abs().amax(-1);
 * tripletMarginWithDistanceLoss(anchor, near, far, { distanceFunction }); // → 0.25
 */
export function tripletMarginWithDistanceLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options: TripletMarginWithDistanceOptions = {},
): Tensor {
  const { distanceFunction, ...rest } = options;
  const distance = distanceFunction ?? ((a: Tensor, b: Tensor): Tensor => pairwiseDistance(a, b));
  return ofTriplet("tripletMarginWithDistanceLoss", [anchor, positive, negative], distance, rest);
}
