import { type Block, backend } from "@kindling/kernels";
import { UsageError } from "./errors.js";

const { memory } = backend();

/**
 * The bytes behind one or more tensors. JavaScript's garbage collector frees a storage that nobody
 * reaches. Storages that the library itself knows to be dead go back to the pool at once:
 * `owned` says that no user code can reach the storage, `holders` counts the places inside the
 * library that still need it (saved tensors, pending gradients, the value between two layers).
 * When an owned storage loses its last holder, its memory is reused.
 * @example
 * const x = zeros([2, 3]);
 * x.storage.bytes; // → 24
 * x.t().storage === x.storage; // → true
 */
export class Storage {
  readonly bytes: number;
  /** Counts in-place writes, so that backward can tell whether a saved tensor is still what it was. */
  version = 0;
  owned = false;
  #holders = 0;
  #block: Block | null;

  constructor(bytes: number) {
    this.bytes = bytes;
    this.#block = memory.allocate(bytes);
    if (fresh !== null) fresh.push(this);
  }

  /** The memory that holds the bytes. */
  get block(): Block {
    if (this.#block === null) throw new UsageError("this tensor's memory was released; it must not be used any more");
    return this.#block;
  }

  /** Whether the memory has gone back to the pool. */
  get isReleased(): boolean {
    return this.#block === null;
  }

  /** How many places inside the library hold this storage. */
  get holders(): number {
    return this.#holders;
  }

  /** Counts one place more that needs the storage. */
  hold(): void {
    this.#holders++;
  }

  /** Takes a hold back; reuses the memory if the storage is owned and this was the last one. */
  unhold(): void {
    this.#holders--;
    this.reuseIfDead();
  }

  /** Says that no user code can reach this storage: it is reused once nothing in the library holds it. */
  disown(): void {
    this.owned = true;
    this.reuseIfDead();
  }

  /** Gives the memory back if the storage is owned and nobody holds it. */
  reuseIfDead(): void {
    if (this.owned && this.#holders === 0 && this.#block !== null) {
      memory.release(this.#block);
      this.#block = null;
    }
  }
}

let fresh: Storage[] | null = null;

/**
 * Runs `body` and returns with its result every storage that was made meanwhile.
 *
 * @internal
 */
export function collectStorages<T>(body: () => T): { result: T; storages: Storage[] } {
  const outer = fresh;
  const storages: Storage[] = [];
  fresh = storages;
  try {
    return { result: body(), storages };
  } finally {
    fresh = outer;
    if (outer !== null) for (const storage of storages) outer.push(storage);
  }
}

/**
 * Runs user code in the middle of a computation whose storages are collected: what it makes belongs to it.
 *
 * @internal
 */
export function uncollected<T>(body: () => T): T {
  const outer = fresh;
  fresh = null;
  try {
    return body();
  } finally {
    fresh = outer;
  }
}

/**
 * Runs an operation that is made of others. What those make on the way no user code sees, unless the result shares its
 * memory: it is reused as soon as the graph does not need it.
 */
export function composite<T extends { readonly storage: Storage }>(body: () => T): T {
  const { result, storages } = collectStorages(body);
  for (const storage of storages) if (storage !== result.storage) storage.disown();
  return result;
}
