import { isFloatingPoint } from "../dtype.js";
import { DTypeError, ShapeError, UsageError } from "../errors.js";
import { formatShape, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { repeatInterleave, tril } from "./arrange.js";
import { ones } from "./creation.js";
import { dropout } from "./dropout.js";
import { where } from "./where.js";

/** Options of {@link scaledDotProductAttention}. */
export interface AttentionOptions {
  /** Which keys each query sees (bool: true takes part), or what is added to its scores. Default none. */
  attnMask?: Tensor | null;
  /** Share of the weights that is dropped, in evaluation too: give 0 there. Default 0. */
  dropoutP?: number;
  /** Whether query i sees the keys 0 … i only; not together with a mask. Default false. */
  isCausal?: boolean;
  /** Factor of the scores. Default 1/√E. */
  scale?: number | null;
  /** Whether query heads share key and value heads, which are repeated until they are as many. Default false. */
  enableGqa?: boolean;
}

/**
 * How much of each value every query gets: `softmax(query · keyᵀ · scale + mask)`, after dropout. The options are
 * those of {@link scaledDotProductAttention}.
 *
 * **Shapes** query: [..., L, E]; key: [..., S, E]; result: [..., L, S].
 * @example
 * const [query, key] = [tensor([[1, 0]], { dtype: "float32" }), tensor([[1, 0], [0, 1]], { dtype: "float32" })];
 * attentionWeights(query, key); // → [[0.6698, 0.3302]]
 */
export function attentionWeights(query: Tensor, key: Tensor, options: AttentionOptions = {}): Tensor {
  const op = "scaledDotProductAttention";
  const { attnMask = null, dropoutP = 0, isCausal = false } = options;
  if (query.ndim < 2 || key.ndim < 2 || query.shape.at(-1) !== key.shape.at(-1)) {
    throw new ShapeError(
      `${op}: expected a query [..., L, E] and a key [..., S, E], got ${formatShape(query.shape)} and ${formatShape(key.shape)}`,
    );
  }
  const scale = options.scale ?? 1 / Math.sqrt(query.shape.at(-1) as number);
  const scores = query.mul(scale).matmul(key.transpose(-2, -1));
  let masked = scores;
  if (isCausal) {
    if (attnMask !== null) throw new UsageError(`${op}: give attnMask or isCausal, not both`);
    masked = where(tril(ones(scores.shape.slice(-2), { dtype: "bool" })), scores, Number.NEGATIVE_INFINITY);
  } else if (attnMask !== null) {
    if (attnMask.dtype !== "bool" && !isFloatingPoint(attnMask.dtype)) {
      throw new DTypeError(`${op}: expected a mask of bools or of floating point numbers, got ${attnMask.dtype}`);
    }
    masked = attnMask.dtype === "bool" ? where(attnMask, scores, Number.NEGATIVE_INFINITY) : scores.add(attnMask);
    if (!sameShape(masked.shape, scores.shape)) {
      throw new ShapeError(
        `${op}: a mask ${formatShape(attnMask.shape)} does not broadcast to the scores ${formatShape(scores.shape)}`,
      );
    }
  }
  return dropout(masked.softmax(-1), dropoutP);
}

/**
 * Attention: `softmax(query · keyᵀ / √E + mask) · value`. A query that sees no key gets NaN.
 *
 * **Shapes** query: [..., L, E]; key: [..., S, E]; value: [..., S, Ev]; attnMask: broadcasts to [..., L, S]; result:
 * [..., L, Ev]. Options: `attnMask` (none), `dropoutP` (0), `isCausal` (false), `scale` (1/√E), `enableGqa` (false).
 * Source: Vaswani et al. 2017.
 * @throws ShapeError if the sizes do not fit; UsageError for a mask beside `isCausal`; DTypeError for a mask of integers.
 * @example
 * const [query, key] = [tensor([[1, 0]], { dtype: "float32" }), tensor([[1, 0], [0, 1]], { dtype: "float32" })];
 * const value = tensor([[10, 0], [0, 10]], { dtype: "float32" });
 * scaledDotProductAttention(query, key, value); // → [[6.6976, 3.3024]]
 * scaledDotProductAttention(query, key, value, { isCausal: true }); // → [[10, 0]]
 */
export function scaledDotProductAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options: AttentionOptions = {},
): Tensor {
  if (value.ndim < 2 || value.shape.at(-2) !== key.shape.at(-2)) {
    throw new ShapeError(
      `scaledDotProductAttention: expected a value for each key [..., S, E], got ${formatShape(value.shape)} for ${formatShape(key.shape)}`,
    );
  }
  if (options.enableGqa !== true) return attentionWeights(query, key, options).matmul(value);
  const perHead = (x: Tensor): Tensor => {
    const [wanted, own] = [query.shape.at(-3) ?? 0, x.shape.at(-3) ?? 0];
    if (own === 0 || wanted % own !== 0) {
      throw new ShapeError(
        `scaledDotProductAttention: the heads of ${formatShape(query.shape)} must be a multiple of those of ${formatShape(x.shape)}`,
      );
    }
    return repeatInterleave(x, wanted / own, x.ndim - 3);
  };
  return attentionWeights(query, perHead(key), options).matmul(perHead(value));
}
