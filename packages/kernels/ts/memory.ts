/** A piece of memory that kernels can reach. */
export interface Block {
  readonly bytes: number;
  /**
   * Where the block is, now. With WebAssembly this brings it into linear memory, and may move out others that
   * were not among the 16 used last; an address is good until then.
   */
  address(): number;
  /** The bytes of the block; good until the next allocation or kernel call. */
  view(): Uint8Array;
}

export interface MemoryStatistics {
  /** Bytes in blocks that were handed out and not released. Native memory counts nothing that the garbage collector frees. */
  readonly allocatedBytes: number;
  /** Bytes in released blocks that wait to be used again. */
  readonly pooledBytes: number;
  /** Size of WebAssembly's linear memory; 0 for native memory. */
  readonly linearBytes: number;
  /** Bytes that were moved out of linear memory so far, and back into it; 0 for native memory. */
  readonly movedOutBytes: number;
  readonly movedInBytes: number;
}

/** Memory of one backend. Nobody has to free anything: what becomes unreachable is found, sooner or later. */
export interface Memory {
  /** A block of uninitialised bytes, aligned to 16 bytes, to 64 when larger than 256. Throws when memory is out. */
  allocate(bytes: number): Block;
  /** Gives a block back to be used again at once. The caller proves that nobody can reach it any more. */
  release(block: Block): void;
  statistics(): MemoryStatistics;
}

/** Sizes are rounded up to one of eight per power of two, so that a released block fits a similar request. */
export function sizeClass(bytes: number): number {
  const step = bytes <= 2048 ? 64 : 2 ** Math.min(28, 28 - Math.clz32(Math.min(bytes - 1, 0x7fffffff)));
  return Math.ceil(bytes / step) * step;
}

export function outOfMemory(bytes: number, detail: string): Error {
  return new Error(`out of memory: could not allocate ${bytes} bytes (${detail})`);
}

export function releasedBlock(): Error {
  return new Error("this memory block has been released; its tensor must not be used any more");
}
