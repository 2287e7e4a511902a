import { allocate } from "../allocate.js";
import { checkDeviation, checkFloat, draw, type GeneratorOptions } from "../draw.js";
import { DTypeError, UsageError } from "../errors.js";
import type { Tensor } from "../tensor.js";
import { fillRandomly } from "./fill-randomly.js";

/** Overwrites x with what `of` makes of uniform numbers of [0, 1), drawn and computed in float64. */
function fillBy(x: Tensor, options: GeneratorOptions, of: (uniform: Tensor) => Tensor): Tensor {
  return fillRandomly(x, (out) => {
    out.overwrite(of(draw("uniform", allocate(out.shape, "float64"), options.generator, 0, 1)));
    return out;
  });
}

/**
 * Overwrites x with numbers of a Cauchy distribution, in place: `median + sigma · tan(π (u − 1/2))`. Options: `generator`.
 *
 * @throws DTypeError for integers; UsageError unless sigma is positive.
 * @example
 * manualSeed(0);
 * cauchy_(zeros(2)); // → [10.5977, 0.7648]
 */
export function cauchy_(x: Tensor, median = 0, sigma = 1, options: GeneratorOptions = {}): Tensor {
  checkFloat("cauchy_", x.dtype);
  if (!(sigma > 0)) throw new UsageError(`cauchy_: expected sigma above 0, got ${sigma}`);
  return fillBy(x, options, (uniform) => uniform.sub(0.5).mul(Math.PI).tan().mul(sigma).add(median));
}

/**
 * Overwrites x with the numbers of trials up to the first success with probability p, in place: `⌈ln u / ln (1 − p)⌉`.
 * Options: `generator`.
 *
 * @throws DTypeError for bools; UsageError unless 0 < p < 1.
 * @example
 * manualSeed(0);
 * geometric_(zeros(3), 0.5); // → [1, 1, 2]
 */
export function geometric_(x: Tensor, p: number, options: GeneratorOptions = {}): Tensor {
  if (x.dtype === "bool") throw new DTypeError('geometric_: not defined for bool; convert with .to("int32")');
  if (!(p > 0 && p < 1)) throw new UsageError(`geometric_: expected a probability between 0 and 1, got ${p}`);
  return fillBy(x, options, (uniform) =>
    uniform
      .log()
      .div(Math.log(1 - p))
      .ceil(),
  );
}

/** How many normal numbers are drawn at a time: few enough that they are drawn one by one, not in blocks of 16. */
const fewNormals = 8;

/**
 * Overwrites x with numbers whose logarithms are normal, in place: `e^(mean + std · z)`. Options: `generator`.
 *
 * @throws DTypeError for integers; UsageError for a negative deviation.
 * @example
 * manualSeed(0);
 * logNormal_(zeros(2)); // → [59.2634, 1.5116]
 */
export function logNormal_(x: Tensor, mean = 1, std = 2, options: GeneratorOptions = {}): Tensor {
  checkFloat("logNormal_", x.dtype);
  checkDeviation("logNormal_", std);
  return fillRandomly(x, (out) => {
    const all = out.reshape([-1]);
    for (let start = 0; start < all.numel(); start += fewNormals) {
      const part = all.narrow(0, start, Math.min(fewNormals, all.numel() - start));
      part.overwrite(draw("normal", allocate(part.shape, "float64"), options.generator, mean, std).exp());
    }
    return out;
  });
}
