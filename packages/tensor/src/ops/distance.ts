import { isFloatingPoint } from "../dtype.js";
import { ShapeError, UsageError } from "../errors.js";
import { isRecording } from "../recorder.js";
import { broadcastShapes, formatShape } from "../shape.js";
import { composite } from "../storage.js";
import type { Tensor } from "../tensor.js";
import { onesLike } from "./creation.js";
import { triuIndices } from "./grid.js";
import { cat } from "./join.js";
import { rootOfSum } from "./reduction.js";

function checkNorm(op: string, p: number): void {
  if (!(p >= 0)) throw new UsageError(`${op}: p must be at least 0, got ${p}`);
}

/** `√(‖x‖² + ‖y‖² − 2 x · y)` of all pairs of rows, as one matrix product: [−2x, ‖x‖², 1] · [y, 1, ‖y‖²]ᵀ. */
function euclideanDistances(x: Tensor, other: Tensor): Tensor {
  const squares = (rows: Tensor): Tensor => rows.square().sum(-1, { keepdim: true });
  const [own, others] = [squares(x), squares(other)];
  const left = cat([x.mul(-2), own, onesLike(own)], -1);
  const right = cat([other, onesLike(others), others], -1);
  const squared = left.matmul(right.transpose(-2, -1)).clampMin(0);
  return isRecording([squared]) ? rootOfSum(squared, (total) => total.sqrt()) : squared.sqrt();
}

/**
 * Distances between every row of x and every row of `other`: the p-norm of their difference.
 *
 * With `p` 2 and more than 25 rows in one of them, distances come from a matrix product, as in PyTorch: fast, but those
 * far below the length of the rows lose digits.
 *
 * **Shapes** x: [..., P, M]; other: [..., R, M]; result: [..., P, R]. Options: `p` (2).
 * @throws ShapeError if the rows differ in length.
 * @example cdist(zeros(1, 2), tensor([[3, 4], [6, 8]], { dtype: "float32" })); // → [[5, 10]]
 */
export function cdist(x: Tensor, other: Tensor, options: { p?: number } = {}): Tensor {
  const { p = 2 } = options;
  checkNorm("cdist", p);
  if (x.ndim < 2 || other.ndim < 2 || x.shape.at(-1) !== other.shape.at(-1)) {
    throw new ShapeError(
      `cdist: expected rows of one length in both, got ${formatShape(x.shape)} and ${formatShape(other.shape)}`,
    );
  }
  const isLarge = Math.max(x.shape.at(-2) as number, other.shape.at(-2) as number) > 25;
  if (p === 2 && isLarge && isFloatingPoint(x.dtype) && x.dtype === other.dtype)
    return composite(() => euclideanDistances(x, other));
  return x.unsqueeze(-2).sub(other.unsqueeze(-3)).vectorNorm(p, -1);
}

/**
 * Distances between each two rows, without repeats: (0, 1), (0, 2), …, (N − 2, N − 1).
 *
 * **Shapes** x: [N, M]; result: [N · (N − 1) / 2]. Options: `p` (2).
 * @throws ShapeError for another rank.
 * @example pdist(tensor([[0, 0], [3, 4], [6, 8]], { dtype: "float32" })); // → [5, 10, 5]
 */
export function pdist(x: Tensor, options: { p?: number } = {}): Tensor {
  const { p = 2 } = options;
  checkNorm("pdist", p);
  if (x.ndim !== 2) throw new ShapeError(`pdist: expected two dimensions, got ${formatShape(x.shape)}`);
  const rows = x.shape[0] as number;
  const [first, second] = triuIndices(rows, rows, 1).unbind() as [Tensor, Tensor];
  return x.indexSelect(0, first).sub(x.indexSelect(0, second)).vectorNorm(p, -1);
}

/** Options of {@link pairwiseDistance}. */
export interface PairwiseDistanceOptions {
  /** Exponent of the norm. Default 2. */
  p?: number;
  /** Added to every difference, so that equal vectors have a gradient. Default 1e-6. */
  eps?: number;
  /** Whether the last dimension stays, with size 1. Default false. */
  keepdim?: boolean;
}

/**
 * Distances between vectors that stand at the same place: the p-norm of `x − other + eps` over the last dimension.
 *
 * **Shapes** x, other: [..., D], which broadcast; result: [...]. Options: `p` (2), `eps` (1e-6), `keepdim` (false).
 * @example pairwiseDistance(zeros(2, 2), tensor([[3, 4], [6, 8]], { dtype: "float32" })); // → [5, 10]
 */
export function pairwiseDistance(x: Tensor, other: Tensor, options: PairwiseDistanceOptions = {}): Tensor {
  const { p = 2, eps = 1e-6, keepdim = false } = options;
  return x.sub(other).add(eps).vectorNorm(p, -1, { keepdim });
}

/**
 * Cosine of the angle between vectors along `dim`: `x · other / (max(‖x‖, eps) · max(‖other‖, eps))`.
 *
 * **Shapes** x, other: any that broadcast; result: the broadcast shape without `dim`. Options: `dim` (1), `eps` (1e-8).
 * @example
 * const x = tensor([[1, 0], [3, 4]], { dtype: "float32" });
 * cosineSimilarity(x, tensor([[1, 1]], { dtype: "float32" })); // → [0.7071, 0.9899]
 */
export function cosineSimilarity(x: Tensor, other: Tensor, options: { dim?: number; eps?: number } = {}): Tensor {
  const { dim = 1, eps = 1e-8 } = options;
  const shape = broadcastShapes("cosineSimilarity", x.shape, other.shape);
  const [a, b] = [x.expand(shape), other.expand(shape)];
  const length = (value: Tensor): Tensor => value.vectorNorm(2, dim).clampMin(eps);
  return a
    .mul(b)
    .sum(dim)
    .div(length(a).mul(length(b)));
}
