import { allocate } from "../allocate.js";
import { checkFloat, draw } from "../draw.js";
import { UsageError } from "../errors.js";
import type { Tensor } from "../tensor.js";
import { onesLike } from "./creation.js";
import type { DropoutOptions } from "./dropout.js";

/**
 * x where positive, else x times a slope drawn from [lower, upper) for each element; in evaluation times their mean.
 * Elementwise. Options: `training` (false), `generator`. Source: Xu et al. 2015.
 *
 * @throws UsageError if lower is above upper.
 * @example rrelu(tensor([-1.5, 2]), 0.25, 0.75); // → [-0.75, 2]
 */
export function rrelu(x: Tensor, lower = 1 / 8, upper = 1 / 3, options: DropoutOptions = {}): Tensor {
  checkFloat("rrelu", x.dtype);
  if (!(lower <= upper)) throw new UsageError(`rrelu: expected lower <= upper, got ${lower} and ${upper}`);
  if (!options.training) return x.leakyRelu((lower + upper) / 2);
  // PyTorch draws in float64, and only where a slope is needed.
  const isSloped = x.detach().le(0);
  const draws = allocate([isSloped.sum().item()], "float64");
  draw("uniform", draws, options.generator, lower, upper);
  return x.mul(onesLike(x.detach()).maskedScatter(isSloped, draws.to(x.dtype)));
}
