import { allocate } from "../allocate.js";
import { checkDeviation, checkFloat, checkProbability, checkRange, draw, type GeneratorOptions } from "../draw.js";
import { ShapeError, UsageError } from "../errors.js";
import { defaultGenerator, type Generator } from "../generator.js";
import { type RandomOptions, rand, randint, randn } from "../random.js";
import { formatShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { fromArray } from "./creation.js";
import { fillRandomly } from "./fill-randomly.js";

/**
 * Overwrites x with uniform numbers of [from, to), in place. Options: `generator` (default: the one that
 * {@link manualSeed} seeds).
 * @example
 * manualSeed(0);
 * uniform_(zeros(2), -1, 1); // → [-0.0075, 0.5364]
 */
export function uniform_(x: Tensor, from = 0, to = 1, options: GeneratorOptions = {}): Tensor {
  checkFloat("uniform_", x.dtype);
  if (!(from <= to)) throw new UsageError(`uniform_: expected from <= to, got ${from} and ${to}`);
  return fillRandomly(x, (out) => draw("uniform", out, options.generator, from, to));
}

/**
 * Overwrites x with numbers of a normal distribution, in place. Options: `generator`.
 *
 * @throws UsageError for a negative standard deviation.
 * @example
 * manualSeed(0);
 * normal_(zeros(2), 10, 0.5); // → [10.7705, 9.8533]
 */
export function normal_(x: Tensor, mean = 0, std = 1, options: GeneratorOptions = {}): Tensor {
  checkFloat("normal_", x.dtype);
  checkDeviation("normal_", std);
  return fillRandomly(x, (out) => draw("normal", out, options.generator, mean, std));
}

/**
 * Overwrites x with 1 with probability p, else 0, in place; p is a number, or a tensor that broadcasts to x.
 * Options: `generator`.
 *
 * @throws UsageError for a probability outside 0 … 1.
 * @example
 * manualSeed(0);
 * bernoulli_(zeros(5), 0.25); // → [0, 0, 0, 0, 0]
 */
export function bernoulli_(x: Tensor, p: number | Tensor = 0.5, options: GeneratorOptions = {}): Tensor {
  if (typeof p === "number") {
    checkProbability("bernoulli_", p);
    return fillRandomly(x, (out) => draw("bernoulli", out, options.generator, p));
  }
  return x.copy_(bernoulli(p.expand(x.shape), options));
}

/**
 * Overwrites x with whole numbers in place: of [low, high), of [0, high), or of all from 0 on that the type holds exactly
 * (bools: either). Options: `generator`.
 *
 * @throws UsageError unless low < high.
 * @example
 * manualSeed(0);
 * random_(zeros(5), 0, 10); // → [4, 9, 3, 0, 3]
 */
export function random_(x: Tensor, options?: GeneratorOptions): Tensor;
export function random_(x: Tensor, high: number, options?: GeneratorOptions): Tensor;
export function random_(x: Tensor, low: number, high: number, options?: GeneratorOptions): Tensor;
export function random_(x: Tensor, ...args: (number | GeneratorOptions | undefined)[]): Tensor {
  const bounds = args.filter((value) => typeof value === "number");
  const { generator = null } = args.find((value) => typeof value === "object") ?? {};
  if (bounds.length === 0) return fillRandomly(x, (out) => drawAll(out, generator));
  const low = bounds.length > 1 ? (bounds[0] as number) : 0;
  const high = bounds.at(-1) as number;
  checkRange("random_", low, high);
  return fillRandomly(x, (out) => draw("randint", out, generator, low, high));
}

/** Fills a contiguous tensor with whole numbers of all that its type has from 0 on. */
function drawAll(out: Tensor, generator: Generator | null): Tensor {
  const stream = generator ?? defaultGenerator;
  const next = {
    bool: () => stream.random32() & 1,
    uint8: () => stream.random32() & 0xff,
    int8: () => stream.random32() & 0x7f,
    int16: () => stream.random32() & 0x7fff,
    int32: () => stream.random32() & 0x7fffffff,
    float32: () => stream.random32() % (2 ** 24 + 1),
    float64: () => Number(stream.random64() % (2n ** 53n + 1n)),
  }[out.dtype];
  const values = Float64Array.from({ length: out.numel() }, next);
  out.overwrite(fromArray(values, out.shape, out.dtype));
  return out;
}

/**
 * Overwrites x with numbers of the exponential distribution of rate `lambd`, in place: `−ln(1 − u) / lambd`.
 * Options: `generator`.
 *
 * @throws UsageError unless the rate is positive.
 * @example
 * manualSeed(0);
 * exponential_(zeros(2), 2); // → [1.7542, 0.6152]
 */
export function exponential_(x: Tensor, lambd = 1, options: GeneratorOptions = {}): Tensor {
  checkFloat("exponential_", x.dtype);
  if (!(lambd > 0)) throw new UsageError(`exponential_: expected a rate above 0, got ${lambd}`);
  return fillRandomly(x, (out) => {
    const uniform = draw("uniform", allocate(out.shape, "float64"), options.generator, 0, 1);
    out.overwrite(
      uniform
        .neg()
        .log1p()
        .mul(-1 / lambd),
    );
    return out;
  });
}

/**
 * 1 with the probability that each element of x gives, else 0. Elementwise, in the dtype of x. Options: `generator`.
 *
 * @throws UsageError for a probability outside 0 … 1.
 * @example bernoulli(tensor([1, 0], { dtype: "float32" })); // → [1, 0]
 */
export function bernoulli(x: Tensor, options: GeneratorOptions = {}): Tensor {
  checkFloat("bernoulli", x.dtype);
  if (x.numel() > 0) {
    checkProbability("bernoulli", x.detach().min().item());
    checkProbability("bernoulli", x.detach().max().item());
  }
  return draw("uniform", allocate(x.shape, x.dtype), options.generator, 0, 1).lt(x.detach()).to(x.dtype);
}

/** Options of {@link multinomial}. */
export interface MultinomialOptions extends GeneratorOptions {
  /** Whether a position can be drawn again. Default false. */
  replacement?: boolean;
}

/**
 * Draws positions with probabilities proportional to the weights in x.
 *
 * **Shapes** x: [n] or [rows, n]; result: [numSamples] or [rows, numSamples], int32.
 * Options: `replacement` (false), `generator`.
 * @throws UsageError for weights that are negative, not finite or all 0, or for too many samples without replacement.
 * @example
 * manualSeed(0);
 * multinomial(tensor([0, 0.25, 0.75]), 4, { replacement: true }); // → [2, 2, 2, 2]
 */
export function multinomial(x: Tensor, numSamples: number, options: MultinomialOptions = {}): Tensor {
  checkFloat("multinomial", x.dtype);
  if (x.ndim < 1 || x.ndim > 2 || x.shape.at(-1) === 0) {
    throw new ShapeError(`multinomial: expected weights of shape [n] or [rows, n], got ${formatShape(x.shape)}`);
  }
  const { replacement = false, generator = null } = options;
  const n = x.shape.at(-1) as number;
  const weights = x.detach();
  if (!Number.isInteger(numSamples) || numSamples < 1 || (!replacement && numSamples > n)) {
    throw new UsageError(
      `multinomial: expected 1 to ${replacement ? "any number of" : n} samples, got ${numSamples}; more than there are weights need { replacement: true }`,
    );
  }
  checkWeights(weights);
  if (!replacement || numSamples === 1) {
    // The smallest of exponential numbers divided by the weights: each position wins in proportion.
    const race = weights.div(exponential_(allocate(x.shape, x.dtype), 1, { generator }));
    return race.topk(numSamples).indices;
  }
  const cumulative = weights.cumsum(-1).toTypedArray();
  const rows = x.ndim === 2 ? (x.shape[0] as number) : 1;
  const draws = rand([rows * numSamples], { dtype: "float64", generator }).toTypedArray();
  const positions = Array.from(draws, (u, i) => search(cumulative, Math.floor(i / numSamples) * n, n, u));
  return fromArray(positions, x.ndim === 2 ? [rows, numSamples] : [numSamples], "int32");
}

function checkWeights(weights: Tensor): void {
  const isValid = weights.isfinite().all().item() !== 0 && weights.ge(0).all().item() !== 0;
  if (!isValid) throw new UsageError("multinomial: weights must be finite and at least 0");
  if (weights.sum(-1).gt(0).all().item() === 0) throw new UsageError("multinomial: the weights of a row are all 0");
}

/** The first of n sums from `start` on that is at least `u` of their last. */
function search(cumulative: ArrayLike<number>, start: number, n: number, u: number): number {
  const total = cumulative[start + n - 1] as number;
  let left = 0;
  let right = n - 1;
  while (left < right) {
    const middle = (left + right) >> 1;
    if ((cumulative[start + middle] as number) / total < u) left = middle + 1;
    else right = middle;
  }
  return left;
}

/**
 * Uniform numbers of [0, 1) in the shape and dtype of x. Options: `generator`, and those of every tensor.
 * @example
 * manualSeed(0);
 * randLike(zeros(1, 2)); // → [[0.4963, 0.7682]]
 */
export function randLike(x: Tensor, options: RandomOptions = {}): Tensor {
  return rand(x.shape, { dtype: x.dtype, ...options });
}

/**
 * Numbers of the standard normal distribution in the shape and dtype of x. Options: `generator`, and those of every
 * tensor.
 * @example
 * manualSeed(0);
 * randnLike(zeros(1, 2)); // → [[1.5410, -0.2934]]
 */
export function randnLike(x: Tensor, options: RandomOptions = {}): Tensor {
  return randn(x.shape, { dtype: x.dtype, ...options });
}

/**
 * Whole numbers of [low, high) in the shape and dtype of x. Options: `generator`, and those of every tensor.
 * @example
 * manualSeed(0);
 * randintLike(zeros(1, 4), 0, 10); // → [[4, 9, 3, 0]]
 */
export function randintLike(x: Tensor, low: number, high: number, options: RandomOptions = {}): Tensor {
  return randint(low, high, x.shape, { dtype: x.dtype, ...options });
}
