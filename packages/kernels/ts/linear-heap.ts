/** Where free ranges of at least this many bytes are kept: four bins per power of two. */
function binOf(bytes: number): number {
  const exponent = 31 - Math.clz32(bytes);
  return exponent * 4 + (exponent < 2 ? 0 : Math.floor(bytes / 2 ** (exponent - 2)) - 4);
}

const bins = 32 * 4;
const pageBytes = 65536;
const growthBytes = 4 * 2 ** 20;

const smallGranule = 16;
const largestSmall = 256;
const slabBytes = 4096;
const granule = 64;

/**
 * An allocator over the linear memory of WebAssembly: free ranges in bins by size, neighbours joined when one is
 * freed. Pieces of up to 256 bytes come from slabs, by exact size.
 */
export class LinearHeap {
  readonly #memory: WebAssembly.Memory;
  readonly #maximum: number;
  readonly #ranges: Set<number>[] = Array.from({ length: bins }, () => new Set());
  readonly #sizeByStart = new Map<number, number>();
  readonly #startByEnd = new Map<number, number>();
  readonly #small: number[][] = Array.from({ length: largestSmall / smallGranule + 1 }, () => []);
  /** The end of what the heap has taken of the memory. */
  #end: number;
  #freeBytes = 0;

  /** Manages the memory from `begin` to `maximum`, growing it on demand. */
  constructor(memory: WebAssembly.Memory, begin: number, maximum: number) {
    this.#memory = memory;
    this.#maximum = maximum;
    this.#end = Math.ceil(begin / granule) * granule;
  }

  get freeBytes(): number {
    return this.#freeBytes;
  }

  /** What an allocation of `bytes` takes. */
  static capacity(bytes: number): number {
    const unit = bytes <= largestSmall ? smallGranule : granule;
    return Math.max(smallGranule, Math.ceil(bytes / unit) * unit);
  }

  /** The address of `capacity` (see above) free bytes, or undefined if there are none and memory cannot grow. */
  allocate(capacity: number): number | undefined {
    return capacity <= largestSmall ? this.#allocateSmall(capacity) : this.#allocateRange(capacity);
  }

  free(address: number, capacity: number): void {
    if (capacity <= largestSmall) {
      this.#small[capacity / smallGranule]?.push(address);
      this.#freeBytes += capacity;
    } else {
      this.#freeRange(address, capacity);
    }
  }

  #allocateSmall(capacity: number): number | undefined {
    const pieces = this.#small[capacity / smallGranule] as number[];
    if (pieces.length === 0) {
      const slab = this.#allocateRange(slabBytes);
      if (slab === undefined) return undefined;
      for (let at = slabBytes - (slabBytes % capacity) - capacity; at >= 0; at -= capacity) pieces.push(slab + at);
      this.#freeBytes += pieces.length * capacity;
    }
    this.#freeBytes -= capacity;
    return pieces.pop();
  }

  #allocateRange(capacity: number): number | undefined {
    const found = this.#findRange(capacity);
    if (found === undefined) return this.#extend(capacity);
    const size = this.#take(found);
    if (size > capacity) this.#put(found + capacity, size - capacity);
    return found;
  }

  #findRange(capacity: number): number | undefined {
    const first = binOf(capacity);
    for (const start of this.#ranges[first] as Set<number>) {
      if ((this.#sizeByStart.get(start) as number) >= capacity) return start;
      break; // one look into the bin whose ranges may be too small, then on to those that fit for certain
    }
    for (let bin = first + 1; bin < bins; bin++) {
      for (const start of this.#ranges[bin] as Set<number>) return start;
    }
    // Rather search than grow.
    for (const start of this.#ranges[first] as Set<number>) {
      if ((this.#sizeByStart.get(start) as number) >= capacity) return start;
    }
    return undefined;
  }

  /** Takes from the end of the memory, together with the free range that lies there. */
  #extend(capacity: number): number | undefined {
    const last = this.#startByEnd.get(this.#end);
    const start = last ?? this.#end;
    const end = start + capacity;
    if (end > this.#maximum) return undefined;
    const size = this.#memory.buffer.byteLength;
    if (end > size) {
      const wanted = Math.min(this.#maximum, Math.max(end, size + growthBytes));
      try {
        this.#memory.grow(Math.ceil((wanted - size) / pageBytes));
      } catch {
        return undefined;
      }
    }
    if (last !== undefined) this.#take(last);
    this.#end = end;
    return start;
  }

  #freeRange(address: number, capacity: number): void {
    let start = address;
    let end = address + capacity;
    const before = this.#startByEnd.get(start);
    if (before !== undefined) {
      this.#take(before);
      start = before;
    }
    if (this.#sizeByStart.has(end)) end += this.#take(end);
    this.#put(start, end - start);
  }

  #put(start: number, size: number): void {
    this.#sizeByStart.set(start, size);
    this.#startByEnd.set(start + size, start);
    this.#ranges[binOf(size)]?.add(start);
    this.#freeBytes += size;
  }

  /** Removes a free range; returns its size. */
  #take(start: number): number {
    const size = this.#sizeByStart.get(start) as number;
    this.#sizeByStart.delete(start);
    this.#startByEnd.delete(start + size);
    this.#ranges[binOf(size)]?.delete(start);
    this.#freeBytes -= size;
    return size;
  }
}
