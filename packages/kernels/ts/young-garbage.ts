import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Runs `body` with a flag of V8 changed. */
function withFlag<T>(flag: string, opposite: string, body: () => T): T {
  setFlagsFromString(flag);
  try {
    return body();
  } finally {
    setFlagsFromString(opposite);
  }
}

/** V8's collection of young objects, which frees their array buffers before it returns; none in another engine. */
function minorCollection(): (() => void) | undefined {
  try {
    const collect = withFlag("--expose-gc", "--no-expose-gc", () => runInNewContext("gc") as (options: object) => void);
    const now = () => collect({ type: "minor" });
    return () => withFlag("--no-concurrent-array-buffer-sweeping", "--concurrent-array-buffer-sweeping", now);
  } catch {
    return undefined;
  }
}

const arrayBufferBytes = () => getHeapStatistics().external_memory;

const megabyte = 2 ** 20;
const leastBudget = 8 * megabyte;
const mostBudget = 64 * megabyte;

/**
 * Collects young garbage soon. V8 itself waits for 32 MB of array buffers, and a loop that drops its results would cycle
 * through as much memory, which no cache holds. A collection takes 0.1 ms, less than filling a quarter of that anew.
 */
export class YoungGarbage {
  /** Found when it is first needed, for that takes a millisecond. */
  #collect: (() => void) | undefined | null = null;
  #budget = leastBudget;
  #allocated = 0;

  /** To be told of every new array buffer. */
  allocated(bytes: number): void {
    this.#allocated += bytes;
    if (this.#allocated < this.#budget) return;
    if (this.#collect === null) this.#collect = minorCollection();
    const before = arrayBufferBytes();
    this.#collect?.();
    const freed = before - arrayBufferBytes();
    // Where most of what is allocated stays alive, collections become rarer.
    this.#budget = freed < this.#allocated / 2 ? Math.min(2 * this.#budget, mostBudget) : leastBudget;
    this.#allocated = 0;
  }
}
