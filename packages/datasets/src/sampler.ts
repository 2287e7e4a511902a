import { Generator, randint, randperm, UsageError } from "@kindling/tensor";
import { drawSeed, drawUniform } from "./draws.js";

/** Gives the indices of an epoch, in order, each time it is iterated. */
export interface Sampler extends Iterable<number> {
  readonly length: number;
}

interface Sized {
  readonly length: number;
}

/**
 * The indices from 0 on.
 *
 * @example [...new SequentialSampler([7, 8, 9])]; // → [0, 1, 2]
 */
export class SequentialSampler implements Sampler {
  readonly #source: Sized;

  constructor(dataSource: Sized) {
    this.#source = dataSource;
  }

  /** How many indices an epoch has. */
  get length(): number {
    return this.#source.length;
  }

  *[Symbol.iterator](): Iterator<number> {
    for (let index = 0; index < this.length; index++) yield index;
  }
}

/** How a `RandomSampler` draws. */
export interface RandomSamplerOptions {
  /** Whether an index may come more than once. Default false. */
  replacement?: boolean;
  /** How many indices an epoch has. Default: as many as there are items. */
  numSamples?: number;
  /** Default: a fresh one each epoch, seeded from the global generator. */
  generator?: Generator;
}

/**
 * Indices in random order; equal seeds give PyTorch's order.
 *
 * @example
 * const generator = new Generator().manualSeed(0);
 * [...new RandomSampler([7, 8, 9], { generator })]; // → [2, 0, 1]
 */
export class RandomSampler implements Sampler {
  readonly #source: Sized;
  readonly #numSamples: number | undefined;
  readonly #generator: Generator | undefined;
  readonly replacement: boolean;

  constructor(dataSource: Sized, options: RandomSamplerOptions = {}) {
    const { replacement = false, numSamples, generator } = options;
    if (numSamples !== undefined) checkCount("RandomSampler", "numSamples", numSamples);
    this.#source = dataSource;
    this.#numSamples = numSamples;
    this.#generator = generator;
    this.replacement = replacement;
  }

  /** How many indices an epoch has. */
  get length(): number {
    return this.#numSamples ?? this.#source.length;
  }

  *[Symbol.iterator](): Iterator<number> {
    const generator = this.#generator ?? new Generator().manualSeed(drawSeed());
    const count = this.#source.length;
    const samples = this.length;
    if (count === 0) return;
    if (this.replacement) {
      // PyTorch draws 32 at a time; an epoch that is broken off leaves the generator where PyTorch's would be.
      for (let left = samples; left > 0; left -= 32)
        yield* randint(0, count, [Math.min(left, 32)], { generator }).toTypedArray();
      return;
    }
    for (let left = samples; left >= count; left -= count) yield* randperm(count, { generator }).toTypedArray();
    // PyTorch draws this permutation also when it uses nothing of it.
    yield* randperm(count, { generator })
      .toTypedArray()
      .subarray(0, samples % count);
  }
}

/**
 * The given indices in random order.
 *
 * @example
 * const generator = new Generator().manualSeed(3);
 * [...new SubsetRandomSampler([10, 20, 30, 40, 50], { generator })]; // → [20, 10, 40, 50, 30]
 */
export class SubsetRandomSampler implements Sampler {
  readonly indices: readonly number[];
  readonly #generator: Generator | undefined;

  constructor(indices: readonly number[], options: { generator?: Generator } = {}) {
    this.indices = indices;
    this.#generator = options.generator;
  }

  /** How many indices an epoch has. */
  get length(): number {
    return this.indices.length;
  }

  *[Symbol.iterator](): Iterator<number> {
    const options = this.#generator === undefined ? {} : { generator: this.#generator };
    for (const index of randperm(this.length, options).toTypedArray()) yield this.indices[index] as number;
  }
}

/**
 * Draws index i with a probability proportional to `weights[i]`, with replacement unless told otherwise.
 *
 * @throws UsageError when a weight is negative or not finite, all are zero, or more samples are wanted
 *   without replacement than there are weights above zero.
 * @example
 * const generator = new Generator().manualSeed(2);
 * [...new WeightedRandomSampler([1, 2, 0, 4], 6, { generator })]; // → [3, 0, 3, 3, 3, 3]
 */
export class WeightedRandomSampler implements Sampler {
  readonly weights: readonly number[];
  readonly length: number;
  readonly replacement: boolean;
  readonly #generator: Generator | undefined;

  constructor(
    weights: readonly number[],
    numSamples: number,
    options: { replacement?: boolean; generator?: Generator } = {},
  ) {
    const { replacement = true, generator } = options;
    checkCount("WeightedRandomSampler", "numSamples", numSamples);
    const bad = weights.find((weight) => !(weight >= 0 && weight < Number.POSITIVE_INFINITY));
    if (bad !== undefined)
      throw new UsageError(`WeightedRandomSampler: expected finite weights that are not negative, got ${bad}`);
    const possible = weights.filter((weight) => weight > 0).length;
    if (possible === 0 || (!replacement && possible < numSamples)) {
      throw new UsageError(
        `WeightedRandomSampler: cannot draw ${numSamples} samples${replacement ? "" : " without replacement"} from ${possible} weights above zero`,
      );
    }
    this.weights = weights;
    this.length = numSamples;
    this.replacement = replacement;
    this.#generator = generator;
  }

  *[Symbol.iterator](): Iterator<number> {
    yield* this.replacement ? this.#withReplacement() : this.#ranked();
  }

  *#withReplacement(): Iterable<number> {
    let sum = 0;
    const cumulative = this.weights.map((weight) => {
      sum += weight;
      return sum;
    });
    const last = this.weights.findLastIndex((weight) => weight > 0);
    for (let i = 0; i < this.length; i++) {
      const draw = drawUniform(this.#generator);
      let low = 0;
      let high = last;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((cumulative[middle] as number) / sum < draw) low = middle + 1;
        else high = middle;
      }
      yield low;
    }
  }

  /** Exponential clocks: the indices whose clocks ring first at rates `weights` are a draw without replacement. */
  #ranked(): Iterable<number> {
    const keys = this.weights.map((weight) => weight / -Math.log1p(-drawUniform(this.#generator)));
    return keys
      .map((key, index) => ({ key, index }))
      .sort((a, b) => b.key - a.key)
      .slice(0, this.length)
      .map(({ index }) => index);
  }
}

/**
 * Groups the indices of another sampler.
 *
 * @example [...new BatchSampler(new SequentialSampler([5, 6, 7]), 2)]; // → [[0, 1], [2]]
 */
export class BatchSampler implements Iterable<number[]> {
  readonly sampler: Sampler;
  readonly batchSize: number;
  readonly dropLast: boolean;

  constructor(sampler: Sampler, batchSize: number, dropLast = false) {
    checkCount("BatchSampler", "batchSize", batchSize);
    this.sampler = sampler;
    this.batchSize = batchSize;
    this.dropLast = dropLast;
  }

  /** How many batches an epoch has. */
  get length(): number {
    const batches = this.sampler.length / this.batchSize;
    return this.dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  *[Symbol.iterator](): Iterator<number[]> {
    let batch: number[] = [];
    for (const index of this.sampler) {
      batch.push(index);
      if (batch.length === this.batchSize) {
        yield batch;
        batch = [];
      }
    }
    if (batch.length > 0 && !this.dropLast) yield batch;
  }
}

function checkCount(owner: string, name: string, value: number): void {
  if (!Number.isInteger(value) || value <= 0)
    throw new UsageError(`${owner}: expected ${name} to be a positive integer, got ${value}`);
}
