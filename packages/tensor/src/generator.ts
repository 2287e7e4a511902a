import { type Block, backend } from "@kindling/kernels";
import { UsageError } from "./errors.js";
import { kernels } from "./launch.js";

const { memory } = backend();

/** 624 words of MT19937, the position in them, and the normal number that waits. */
const streamBytes = 632 * 4;
const seedBytes = 8;

/**
 * A stream of random numbers: MT19937, the same numbers from the same seed as PyTorch's CPU generator.
 * @example
 * const generator = new Generator(42);
 * const state = generator.getState();
 * const first = rand(3, { generator });
 * generator.setState(state);
 * rand(3, { generator }).equal(first); // → true
 */
export class Generator {
  // Not a Storage: those belong to whoever collects the storages of a computation, a generator outlives it.
  readonly #stream: Block;
  #seed: number | bigint;

  constructor(seed: number | bigint = 67280421310721) {
    this.#stream = memory.allocate(streamBytes);
    this.#seed = seed;
    this.manualSeed(seed);
  }

  /**
   * Starts the stream anew from a whole number; its low 32 bits count.
   *
   * @throws UsageError for a number that is not whole, or beyond 2⁵³ (use a bigint).
   */
  manualSeed(seed: number | bigint): this {
    if (typeof seed === "number" && !Number.isSafeInteger(seed)) {
      throw new UsageError(`manualSeed: expected a whole number below 2 ** 53, or a bigint, got ${seed}`);
    }
    this.#seed = seed;
    kernels.randomSeed(this.#stream.address(), Number(BigInt.asUintN(32, BigInt(seed))));
    return this;
  }

  /** Starts the stream from a seed that nobody knows, and returns it. */
  seed(): number {
    const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2));
    const seed = (high & 0x1fffff) * 2 ** 32 + low;
    this.manualSeed(seed);
    return seed;
  }

  /** The seed that the stream started from. */
  initialSeed(): number | bigint {
    return this.#seed;
  }

  /** The stream's present state as bytes, for `setState`. */
  getState(): Uint8Array {
    const state = new Uint8Array(streamBytes + seedBytes);
    state.set(this.#stream.view().subarray(0, streamBytes));
    new DataView(state.buffer).setBigInt64(streamBytes, BigInt.asIntN(64, BigInt(this.#seed)), true);
    return state;
  }

  /**
   * Continues from a state that `getState` gave.
   *
   * @throws UsageError if the bytes are no such state.
   */
  setState(state: Uint8Array): this {
    if (state.length !== streamBytes + seedBytes) {
      throw new UsageError(`setState: expected the ${streamBytes + seedBytes} bytes of getState, got ${state.length}`);
    }
    const view = new DataView(state.buffer, state.byteOffset, state.byteLength);
    const position = view.getInt32(624 * 4, true);
    if (position < 0 || position > 624) {
      throw new UsageError(`setState: position ${position} is not one of 0 to 624; these bytes are not from getState`);
    }
    this.#stream.view().set(state.subarray(0, streamBytes));
    const seed = view.getBigInt64(streamBytes, true);
    this.#seed = BigInt.asIntN(54, seed) === seed ? Number(seed) : seed;
    return this;
  }

  /** The next 32 bits of the stream, as a whole number. */
  random32(): number {
    return kernels.randomNext(this.#stream.address());
  }

  /** The next 64 bits of the stream; the first draw is the high half. */
  random64(): bigint {
    const high = BigInt(this.random32());
    return (high << 32n) | BigInt(this.random32());
  }

  /** Where kernels find the state, valid until the next allocation. For kernels. */
  get address(): number {
    return this.#stream.address();
  }
}

/**
 * What random functions use unless told otherwise.
 * @example
 * manualSeed(7);
 * defaultGenerator.initialSeed(); // → 7
 */
export const defaultGenerator = new Generator();

/**
 * Seeds the default generator, and returns it: the random numbers that follow are PyTorch's for this seed.
 * @example
 * manualSeed(0);
 * rand([2]); // → [0.4963, 0.7682]
 */
export function manualSeed(seed: number | bigint): Generator {
  return defaultGenerator.manualSeed(seed);
}

/**
 * The seed that the default generator started from.
 * @example
 * manualSeed(7);
 * initialSeed(); // → 7
 */
export function initialSeed(): number | bigint {
  return defaultGenerator.initialSeed();
}

/**
 * Seeds the default generator with a number that nobody knows, and returns it.
 * @example seed() === initialSeed(); // → true
 */
export function seed(): number {
  return defaultGenerator.seed();
}

/**
 * The present state of the default generator as bytes, for {@link setRngState}.
 * @example
 * const state = getRngState();
 * const first = rand(2);
 * setRngState(state);
 * rand(2).equal(first); // → true
 */
export function getRngState(): Uint8Array {
  return defaultGenerator.getState();
}

/**
 * Lets the default generator go on from a state that {@link getRngState} gave.
 *
 * @throws UsageError if the bytes are no such state.
 * @example
 * setRngState(manualSeed(0).getState());
 * initialSeed(); // → 0
 */
export function setRngState(state: Uint8Array): void {
  defaultGenerator.setState(state);
}
