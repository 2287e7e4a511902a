import { randomOps } from "@kindling/kernels";
import { allocate } from "./allocate.js";
import type { DType } from "./dtype.js";
import { UsageError } from "./errors.js";
import { code, kernels, opCodes } from "./launch.js";
import { finish, type Size, type TensorOptions, toShape } from "./ops/creation.js";
import { inPlace } from "./recorder.js";
import { Storage } from "./storage.js";
import type { Tensor } from "./tensor.js";

const codes = opCodes(randomOps);
const stateBytes = 632 * 4;

/** A stream of random numbers: PyTorch's MT19937 on the CPU, the same numbers from the same seed. */
export class Generator {
  readonly #state = new Storage(stateBytes);
  #seed = 0;

  constructor(seed = 67280421310721) {
    this.manualSeed(seed);
  }

  /** Starts the stream anew from `seed`, a whole number of at least 0. */
  manualSeed(seed: number): this {
    if (!Number.isSafeInteger(seed)) throw new UsageError(`manualSeed: expected a whole number, got ${seed}`);
    this.#seed = seed;
    kernels.randomSeed(this.#state.block.address(), ((seed % 2 ** 32) + 2 ** 32) % 2 ** 32);
    return this;
  }

  /** The seed that the stream started from. */
  initialSeed(): number {
    return this.#seed;
  }

  /** The state as bytes, for `setState`. */
  getState(): Uint8Array {
    return this.#state.block.view().slice(0, stateBytes);
  }

  /** Continues from a state that `getState` gave. */
  setState(state: Uint8Array): void {
    if (state.length !== stateBytes) {
      throw new UsageError(`setState: expected ${stateBytes} bytes from getState, got ${state.length}`);
    }
    this.#state.block.view().set(state);
  }

  /** The next 32 bits of the stream. */
  random32(): number {
    return kernels.randomNext(this.#state.block.address());
  }

  /** Where kernels find the state. */
  get address(): number {
    return this.#state.block.address();
  }
}

/** What random functions use unless told otherwise. */
export const defaultGenerator = new Generator();

/** Seeds the default generator: everything random that follows is what PyTorch gives for this seed. */
export function manualSeed(seed: number): Generator {
  return defaultGenerator.manualSeed(seed);
}

export interface RandomOptions extends TensorOptions {
  generator?: Generator | null;
}

type Kind = keyof typeof codes;

function draw(kind: Kind, out: Tensor, generator: Generator | null | undefined, p0 = 0, p1 = 0): Tensor {
  const count = out.numel();
  if (count > 0) {
    const state = generator ?? defaultGenerator;
    kernels.random(codes[kind], code(out.dtype), count, state.address, out.address, p0, p1);
  }
  return out;
}

function make(kind: Kind, size: Size, dtype: DType, options: RandomOptions, p0: number, p1: number): Tensor {
  const out = allocate(toShape(kind, size), options.dtype ?? dtype);
  return finish(draw(kind, out, options.generator, p0, p1), options);
}

/** Uniform numbers of [0, 1). */
export const rand = (size: Size, options: RandomOptions = {}): Tensor =>
  make("uniform", size, "float32", options, 0, 1);
/** Numbers of the standard normal distribution. */
export const randn = (size: Size, options: RandomOptions = {}): Tensor =>
  make("normal", size, "float32", options, 0, 1);

/** Whole numbers of [low, high), as int32. */
export function randint(low: number, high: number, size: Size, options: RandomOptions = {}): Tensor {
  if (!(high > low)) throw new UsageError(`randint: expected low < high, got ${low} and ${high}`);
  return make("randint", size, "int32", options, low, high);
}

/** The numbers 0 … n−1 in random order, as int32. */
export function randperm(n: number, options: RandomOptions = {}): Tensor {
  return make("permutation", n, "int32", options, 0, 0);
}

function fillInPlace(x: Tensor, kind: Kind, generator: Generator | null | undefined, p0: number, p1: number): Tensor {
  const write = (self: Tensor): void => {
    if (self.isContiguous()) draw(kind, self, generator, p0, p1);
    else self.overwrite(draw(kind, allocate(self.shape, self.dtype), generator, p0, p1));
  };
  return inPlace(x, [], write, (old) => draw(kind, allocate(old.shape, old.dtype), generator, p0, p1));
}

/** Overwrites x with uniform numbers of [from, to). */
export const uniform_ = (x: Tensor, from = 0, to = 1, options: { generator?: Generator } = {}): Tensor =>
  fillInPlace(x, "uniform", options.generator, from, to);
/** Overwrites x with normal numbers. */
export const normal_ = (x: Tensor, mean = 0, std = 1, options: { generator?: Generator } = {}): Tensor =>
  fillInPlace(x, "normal", options.generator, mean, std);
/** Overwrites x with 1 with probability p, else 0. */
export const bernoulli_ = (x: Tensor, p = 0.5, options: { generator?: Generator } = {}): Tensor =>
  fillInPlace(x, "bernoulli", options.generator, p, 0);
