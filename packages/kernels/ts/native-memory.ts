import { totalmem } from "node:os";
import { type Block, type Memory, type MemoryStatistics, outOfMemory, releasedBlock, sizeClass } from "./memory.js";
import { YoungGarbage } from "./young-garbage.js";

const largestSmall = 256;
const slabBytes = 2048;
const granule = 16;
const alignment = 64;
/** Allocations between two looks at which pooled stores nobody wanted. */
const trimInterval = 4096;

/** An array buffer with `capacity` aligned bytes from `offset` on. The garbage collector owns it. */
interface Store {
  readonly buffer: ArrayBufferLike;
  readonly offset: number;
  readonly address: number;
  readonly capacity: number;
}

class NativeBlock implements Block {
  readonly bytes: number;
  /** What the block is a part of; undefined once released. */
  store: Store | undefined;
  readonly #start: number;

  constructor(bytes: number, store: Store, start: number) {
    this.bytes = bytes;
    this.store = store;
    this.#start = start;
  }

  address(): number {
    if (this.store === undefined) throw releasedBlock();
    return this.#start;
  }

  view(): Uint8Array {
    const { store } = this;
    if (store === undefined) throw releasedBlock();
    return new Uint8Array(store.buffer, store.offset + (this.#start - store.address), this.bytes);
  }
}

/** Released stores of one size class; `unused` of them have not been wanted since the last trim. */
interface FreeList {
  readonly stores: Store[];
  unused: number;
}

/**
 * Memory in ordinary array buffers, which the garbage collector frees. What is released explicitly goes to a
 * pool by size class; stores that the pool did not need for a while are left to the garbage collector.
 */
export class NativeMemory implements Memory {
  readonly #addressOf: (view: Uint8Array) => number;
  readonly #pool = new Map<number, FreeList>();
  readonly #poolLimit = totalmem() / 4;
  readonly #garbage = new YoungGarbage();
  #pooledBytes = 0;
  #allocatedBytes = 0;
  #untilTrim = trimInterval;
  #slab: Store;
  #slabUsed = 0;

  constructor(addressOf: (view: Uint8Array) => number) {
    this.#addressOf = addressOf;
    this.#slab = this.#newStore(slabBytes - granule, granule);
  }

  allocate(bytes: number): Block {
    return bytes <= largestSmall ? this.#allocateSmall(bytes) : this.#allocateLarge(bytes);
  }

  release(block: Block): void {
    const native = block as NativeBlock;
    const { store } = native;
    if (store === undefined) return;
    native.store = undefined;
    if (native.bytes <= largestSmall) return; // a slab is freed when all its pieces are garbage
    this.#allocatedBytes -= store.capacity;
    if (this.#pooledBytes + store.capacity > this.#poolLimit) return;
    let list = this.#pool.get(store.capacity);
    if (list === undefined) {
      list = { stores: [], unused: 0 };
      this.#pool.set(store.capacity, list);
    }
    list.stores.push(store);
    this.#pooledBytes += store.capacity;
  }

  statistics(): MemoryStatistics {
    const [allocatedBytes, pooledBytes] = [Math.max(0, this.#allocatedBytes), this.#pooledBytes];
    return { allocatedBytes, pooledBytes, linearBytes: 0, movedOutBytes: 0, movedInBytes: 0 };
  }

  #allocateSmall(bytes: number): Block {
    const length = bytes === 0 ? granule : (bytes + granule - 1) & -granule;
    if (this.#slabUsed + length > this.#slab.capacity) {
      this.#slab = this.#newStore(slabBytes - granule, granule);
      this.#slabUsed = 0;
    }
    const start = this.#slab.address + this.#slabUsed;
    this.#slabUsed += length;
    return new NativeBlock(bytes, this.#slab, start);
  }

  #allocateLarge(bytes: number): Block {
    const capacity = sizeClass(bytes);
    if (--this.#untilTrim === 0) this.#trim();
    const list = this.#pool.get(capacity);
    let store = list?.stores.pop();
    if (list !== undefined && store !== undefined) {
      this.#pooledBytes -= capacity;
      if (list.stores.length < list.unused) list.unused = list.stores.length;
    } else {
      this.#garbage.allocated(capacity);
      store = this.#newStore(capacity, alignment);
    }
    this.#allocatedBytes += capacity;
    return new NativeBlock(bytes, store, store.address);
  }

  /** Drops the stores that stayed in the pool all the time since the last trim. */
  #trim(): void {
    this.#untilTrim = trimInterval;
    for (const [capacity, list] of this.#pool) {
      list.stores.splice(0, list.unused);
      this.#pooledBytes -= list.unused * capacity;
      list.unused = list.stores.length;
      if (list.unused === 0) this.#pool.delete(capacity);
    }
  }

  #newStore(capacity: number, align: number): Store {
    let view: Uint8Array;
    try {
      view = Buffer.allocUnsafeSlow(capacity + align); // the one way to get memory that is not filled with zeros
    } catch (cause) {
      throw Object.assign(outOfMemory(capacity, "the system refused"), { cause });
    }
    const begin = this.#addressOf(view);
    const padding = (align - (begin % align)) % align;
    return { buffer: view.buffer, offset: view.byteOffset + padding, address: begin + padding, capacity };
  }
}
