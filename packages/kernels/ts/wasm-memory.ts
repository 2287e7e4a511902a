import { LinearHeap } from "./linear-heap.js";
import { type Block, type Memory, type MemoryStatistics, outOfMemory, releasedBlock } from "./memory.js";

/** So many blocks that were used last never move: no kernel takes more than ten pointers. */
const pinnedBlocks = 16;
const firstLimit = 128 * 2 ** 20;
/** What a resident block counts for beside its bytes, so that there are never too many small ones. */
const blockCost = 1024;
/** The part of what moves out that may come back before the limit is raised. */
const tolerableReturn = 0.25;
/**
 * A block that was not used while so many others were made moves out: in a loop it is most likely garbage, of
 * which there would be more and more up to the limit.
 */
const idleAllocations = 20_000;

/** Either resident (`start` is its place in linear memory) or moved out (`data` has its bytes) or released (neither). */
class WasmBlock implements Block {
  readonly bytes: number;
  readonly capacity: number;
  readonly #memory: WasmMemory;
  start = -1;
  data: Uint8Array | undefined;
  /** How many blocks had been made when this one was last used. */
  lastUse = 0;
  // Neighbours in the list of resident blocks, in the order of their last use.
  older: WasmBlock | undefined;
  newer: WasmBlock | undefined;

  constructor(bytes: number, capacity: number, memory: WasmMemory) {
    this.bytes = bytes;
    this.capacity = capacity;
    this.#memory = memory;
  }

  address(): number {
    this.#memory.touch(this);
    return this.start;
  }

  view(): Uint8Array {
    this.#memory.touch(this);
    return new Uint8Array(this.#memory.linear.buffer, this.start, this.bytes);
  }
}

/**
 * Linear memory as a cache. Resident blocks are held in the order of their last use. Those that were not used for long,
 * or when an allocation would exceed the limit, move out to ordinary array buffers, where the garbage collector frees
 * the dead ones; a block that is used again comes back. So a synchronous loop neither fails nor grows, without
 * finalizers, which would not run in it and which cost more than they free. The limit rises when much of what moves out
 * comes back: then the live data are larger than it.
 */
export class WasmMemory implements Memory {
  readonly linear: WebAssembly.Memory;
  readonly #heap: LinearHeap;
  readonly #maximum: number;
  #limit: number;
  #newest: WasmBlock | undefined;
  #oldest: WasmBlock | undefined;
  #residentBlocks = 0;
  #residentCost = 0;
  #residentBytes = 0;
  #movedOutBytes = 0;
  #movedInBytes = 0;
  #allocations = 0;
  // Since the limit was last thought over.
  #recentlyOut = 0;
  #recentlyBack = 0;

  constructor(linear: WebAssembly.Memory, heap: LinearHeap, maximum: number, limit = firstLimit) {
    this.linear = linear;
    this.#heap = heap;
    this.#maximum = maximum;
    this.#limit = limit;
  }

  allocate(bytes: number): Block {
    const block = new WasmBlock(bytes, LinearHeap.capacity(bytes), this);
    this.#allocations++;
    this.#moveIdleOut();
    this.#place(block);
    return block;
  }

  release(block: Block): void {
    const released = block as WasmBlock;
    if (released.start >= 0) this.#leave(released);
    released.data = undefined;
  }

  statistics(): MemoryStatistics {
    return {
      allocatedBytes: this.#residentBytes,
      pooledBytes: this.#heap.freeBytes,
      linearBytes: this.linear.buffer.byteLength,
      movedOutBytes: this.#movedOutBytes,
      movedInBytes: this.#movedInBytes,
    };
  }

  /** Makes a block resident and the one used last. */
  touch(block: WasmBlock): void {
    if (block === this.#newest) return;
    if (block.start >= 0) {
      this.#unlink(block);
      this.#link(block);
      return;
    }
    const { data } = block;
    if (data === undefined) throw releasedBlock();
    this.#place(block);
    new Uint8Array(this.linear.buffer, block.start, block.bytes).set(data);
    block.data = undefined;
    this.#movedInBytes += block.bytes;
    this.#recentlyBack += block.capacity + blockCost;
  }

  /** Finds a place in linear memory, moving others out if need be. */
  #place(block: WasmBlock): void {
    const cost = block.capacity + blockCost;
    while (this.#residentCost + cost > this.#limit && this.#moveOldestOut()) {
      if (this.#recentlyOut > this.#limit) this.#reconsiderLimit();
    }
    let start = this.#heap.allocate(block.capacity);
    while (start === undefined && this.#moveOldestOut()) start = this.#heap.allocate(block.capacity);
    if (start === undefined) {
      const megabytes = Math.round(this.#residentBytes / 2 ** 20);
      throw outOfMemory(block.bytes, `WebAssembly's memory ends at ${this.#maximum} bytes, ${megabytes} MB are in use`);
    }
    block.start = start;
    this.#link(block);
    this.#residentBlocks++;
    this.#residentCost += cost;
    this.#residentBytes += block.capacity;
  }

  #reconsiderLimit(): void {
    if (this.#recentlyBack > tolerableReturn * this.#recentlyOut)
      this.#limit = Math.min(this.#maximum, this.#limit * 1.5);
    this.#recentlyOut = 0;
    this.#recentlyBack = 0;
  }

  /** Moves out what has not been used for long; two at a time at most, for one that is made. */
  #moveIdleOut(): void {
    for (let i = 0; i < 2; i++) {
      const block = this.#oldest;
      if (block === undefined || this.#allocations - block.lastUse < idleAllocations) return;
      if (this.#residentBlocks <= pinnedBlocks) return;
      this.#moveOut(block);
    }
  }

  /** False if only blocks are left that may be in use just now. */
  #moveOldestOut(): boolean {
    const block = this.#oldest;
    if (block === undefined || this.#residentBlocks <= pinnedBlocks) return false;
    this.#moveOut(block);
    return true;
  }

  #moveOut(block: WasmBlock): void {
    block.data = new Uint8Array(new Uint8Array(this.linear.buffer, block.start, block.bytes)); // slice() takes four times as long
    this.#movedOutBytes += block.bytes;
    this.#recentlyOut += block.capacity + blockCost;
    this.#leave(block);
  }

  /** Takes a block out of linear memory. */
  #leave(block: WasmBlock): void {
    this.#heap.free(block.start, block.capacity);
    block.start = -1;
    this.#unlink(block);
    this.#residentBlocks--;
    this.#residentCost -= block.capacity + blockCost;
    this.#residentBytes -= block.capacity;
  }

  #link(block: WasmBlock): void {
    block.lastUse = this.#allocations;
    block.older = this.#newest;
    if (this.#newest === undefined) this.#oldest = block;
    else this.#newest.newer = block;
    this.#newest = block;
  }

  #unlink(block: WasmBlock): void {
    if (block.older === undefined) this.#oldest = block.newer;
    else block.older.newer = block.newer;
    if (block.newer === undefined) this.#newest = block.older;
    else block.newer.older = block.older;
    block.older = undefined;
    block.newer = undefined;
  }
}
