import { UsageError } from "../errors.js";
import type { Generator } from "../generator.js";
import type { Tensor } from "../tensor.js";
import { emptyLike, zerosLike } from "./creation.js";

/** Options of {@link gumbelSoftmax}. */
export interface GumbelSoftmaxOptions {
  /** Temperature: near 0 the samples are nearly one-hot. Default 1. */
  tau?: number;
  /** Whether the result is one-hot, with the gradient of the soft one. Default false. */
  hard?: boolean;
  /** The dimension of the classes. Default −1. */
  dim?: number;
  /** Where the noise is drawn from. Default: the default generator. */
  generator?: Generator;
}

/**
 * Samples from categorical distributions through which gradients flow: `softmax((logits − ln E) / tau)` with E drawn from
 * the exponential distribution.
 *
 * **Shapes** logits: any; result: the same. Options: `tau` (1), `hard` (false), `dim` (−1), `generator`.
 * @throws UsageError for a temperature that is not positive.
 * @example
 * manualSeed(0);
 * gumbelSoftmax(zeros([4, 3]), { hard: true }).sum(1); // → [1, 1, 1, 1]
 * @source Jang et al. 2017, Maddison et al. 2017
 */
export function gumbelSoftmax(logits: Tensor, options: GumbelSoftmaxOptions = {}): Tensor {
  const { tau = 1, hard = false, dim = -1, generator } = options;
  if (!(tau > 0)) throw new UsageError(`gumbelSoftmax: tau must be positive, got ${tau}`);
  const noise = emptyLike(logits)
    .exponential_(1, generator === undefined ? {} : { generator })
    .log();
  const soft = logits.sub(noise).div(tau).softmax(dim);
  if (!hard) return soft;
  const oneHot = zerosLike(soft).scatter(dim, soft.detach().argmax(dim, { keepdim: true }), 1);
  return oneHot.sub(soft.detach()).add(soft);
}
