import { scalar } from "../allocate.js";
import { checkFloat, type GeneratorOptions } from "../draw.js";
import { UsageError } from "../errors.js";
import { defaultGenerator, type Generator } from "../generator.js";
import type { Tensor } from "../tensor.js";
import { fromArray } from "./creation.js";

/** A uniform number of [0, 1) of 53 bits, the high half drawn first. */
function uniform53(stream: Generator): number {
  const high = stream.random32() & 0x1fffff;
  return (high * 2 ** 32 + stream.random32()) / 2 ** 53;
}

/** One Poisson number: below a rate of 10 by products of uniform numbers, else by rejection (Hörmann 1993, PTRS). */
function poissonNumber(rate: number, stream: Generator): number {
  if (rate === 0) return 0;
  if (rate < 10) {
    const bound = Math.exp(-rate);
    let count = 0;
    for (let product = uniform53(stream); product > bound; product *= uniform53(stream)) count++;
    return count;
  }
  const b = 0.931 + 2.53 * Math.sqrt(rate);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const certain = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = uniform53(stream) - 0.5;
    const v = uniform53(stream);
    const inside = 0.5 - Math.abs(u);
    const count = Math.floor(((2 * a) / inside + b) * u + rate + 0.43);
    if (inside >= 0.07 && v <= certain) return count;
    if (count < 0 || (inside < 0.013 && v > inside)) continue;
    const bound =
      -rate +
      count * Math.log(rate) -
      scalar(count + 1, "float64")
        .lgamma()
        .item();
    if (Math.log(v) + Math.log(inverseAlpha) - Math.log(a / (inside * inside) + b) <= bound) return count;
  }
}

/**
 * Numbers of Poisson distributions with the elements of x as rates, in its type. No gradient. Options: `generator`.
 *
 * @throws DTypeError for integers; UsageError for a rate below 0.
 * @example
 * manualSeed(0);
 * poisson(tensor([1.5, 20])); // → [4, 24]
 */
export function poisson(x: Tensor, options: GeneratorOptions = {}): Tensor {
  checkFloat("poisson", x.dtype);
  const rates = x.detach().toTypedArray();
  const wrong = rates.find((rate) => !(rate >= 0));
  if (wrong !== undefined) throw new UsageError(`poisson: expected rates of at least 0, got ${wrong}`);
  const stream = options.generator ?? defaultGenerator;
  return fromArray(
    Float64Array.from(rates, (rate) => poissonNumber(rate, stream)),
    x.shape,
    x.dtype,
  );
}
