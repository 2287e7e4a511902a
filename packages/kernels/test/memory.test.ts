import { describe, expect, it } from "vitest";
import { LinearHeap } from "../ts/linear-heap.js";
import { sizeClass } from "../ts/memory.js";
import { loadNative } from "../ts/native.js";
import { WasmMemory } from "../ts/wasm-memory.js";
import { loadWasm } from "../ts/wasm-node.js";
import { nativeIsBuilt } from "./native-is-built.js";

const megabyte = 2 ** 20;

function smallWasmMemory(limit: number, maximum = 64 * megabyte): WasmMemory {
  const linear = new WebAssembly.Memory({ initial: 16, maximum: maximum / 65536, shared: true });
  return new WasmMemory(linear, new LinearHeap(linear, 1000, maximum), maximum, limit);
}

describe.each([["native", loadNative] as const, ["wasm", loadWasm] as const])("memory of %s", (name, load) => {
  it.skipIf(name === "native" && !nativeIsBuilt)("aligns blocks and keeps them apart", () => {
    const { memory } = load();
    const sizes = [0, 1, 4, 15, 16, 17, 100, 255, 256, 257, 1000, 4096, 5000, 100_000, 3_000_001];
    const blocks = [...sizes, ...sizes].map((bytes) => memory.allocate(bytes));
    for (const [i, block] of blocks.entries()) block.view().fill(i);
    blocks.forEach((block, i) => {
      expect(block.address() % (block.bytes > 256 ? 64 : 16)).toBe(0);
      expect(block.view().length).toBe(block.bytes);
      expect(block.view().every((byte) => byte === i)).toBe(true);
    });
  });

  it.skipIf(name === "native" && !nativeIsBuilt)("uses a released block again, and refuses the stale one", () => {
    const { memory } = load();
    const first = memory.allocate(100_000);
    const address = first.address();
    memory.release(first);
    const second = memory.allocate(100_000);
    expect(second.address()).toBe(address);
    expect(() => first.address()).toThrow(/released/);
    expect(() => first.view()).toThrow(/released/);
    memory.release(first);
    expect(memory.allocate(100_000).address()).not.toBe(address);
  });

  it.skipIf(name === "native" && !nativeIsBuilt)("lets kernels write what views read", () => {
    const { memory, kernels } = load();
    const block = memory.allocate(400);
    kernels.arange(5, 100, 3, 2, block.address());
    const view = block.view();
    const numbers = new Float32Array(view.buffer, view.byteOffset, 100);
    expect([numbers[0], numbers[1], numbers[99]]).toEqual([3, 5, 201]);
  });

  it.skipIf(name === "native" && !nativeIsBuilt)(
    "survives a long synchronous loop of garbage",
    { timeout: 60_000 },
    () => {
      const { memory } = load();
      const kept = memory.allocate(1000);
      kept.view().fill(7);
      const before = process.memoryUsage().rss;
      let highest = 0;
      for (let step = 0; step < 200; step++) {
        for (let i = 0; i < 5; i++) memory.allocate(8 * megabyte).view()[0] = 1;
        for (let i = 0; i < 100; i++) memory.allocate(4);
        if (step % 20 === 0) highest = Math.max(highest, process.memoryUsage().rss);
      }
      expect(kept.view().every((byte) => byte === 7)).toBe(true);
      expect(highest - before).toBeLessThan(1500 * megabyte);
      expect(memory.statistics().linearBytes).toBeLessThan(200 * megabyte);
    },
  );
});

describe("native memory", () => {
  it.skipIf(!nativeIsBuilt)("leaves to the garbage collector what the pool has not needed for a while", () => {
    const { memory } = loadNative();
    const blocks = Array.from({ length: 10 }, () => memory.allocate(megabyte));
    for (const block of blocks) memory.release(block);
    expect(memory.statistics().pooledBytes).toBe(10 * megabyte);
    for (let i = 0; i < 10_000; i++) memory.release(memory.allocate(megabyte));
    expect(memory.statistics().pooledBytes).toBe(megabyte);
  });

  it.skipIf(!nativeIsBuilt)("frees what a synchronous loop drops before the caches overflow", () => {
    const { memory } = loadNative();
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    for (let i = 0; i < 100; i++) {
      memory.allocate(4 * megabyte);
      if (i >= 50) most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }
    expect(most).toBeLessThan(24 * megabyte);
  });

  it("rounds sizes up by an eighth at most", () => {
    for (let bytes = 257; bytes < 2 ** 33; bytes = Math.ceil(bytes * 1.37)) {
      expect(sizeClass(bytes)).toBeGreaterThanOrEqual(bytes);
      expect(sizeClass(bytes)).toBeLessThanOrEqual(Math.max(bytes + 64, bytes * 1.1251));
      expect(sizeClass(bytes) % 64).toBe(0);
      expect(sizeClass(sizeClass(bytes))).toBe(sizeClass(bytes));
    }
  });
});

describe("WebAssembly memory", () => {
  it("brings moved out data back as they were", () => {
    const memory = smallWasmMemory(4 * megabyte);
    const blocks = Array.from({ length: 400 }, (_, i) => memory.allocate(20_000 + i));
    for (const [i, block] of blocks.entries()) block.view().fill(i);
    for (let round = 0; round < 2; round++) {
      for (const [i, block] of blocks.entries()) expect(block.view().every((byte) => byte === i % 256)).toBe(true);
    }
    expect(memory.statistics().movedOutBytes).toBeGreaterThan(4 * megabyte);
    expect(memory.statistics().movedInBytes).toBeGreaterThan(4 * megabyte);
  });

  it("stops moving once its limit has risen to the size of the live data", () => {
    const memory = smallWasmMemory(2 * megabyte);
    const blocks = Array.from({ length: 200 }, () => memory.allocate(100_000));
    for (let round = 0; round < 40; round++) for (const block of blocks) block.address();
    const { movedInBytes } = memory.statistics();
    for (let round = 0; round < 5; round++) for (const block of blocks) block.address();
    expect(memory.statistics().movedInBytes).toBe(movedInBytes);
  });

  it("moves out what has long been idle, so that a loop that leaves garbage behind stays small", () => {
    const memory = smallWasmMemory(64 * megabyte);
    const kept = memory.allocate(10_000);
    kept.view().fill(3);
    const sizes = [10_000, 20_000, 40_000, 60_000].map((count) => {
      for (let i = 0; i < count; i++) {
        if (i % 100 === 0) memory.allocate(2_000);
        else memory.release(memory.allocate(3_000));
      }
      return memory.statistics().linearBytes;
    });
    expect(sizes[3]).toBe(sizes[1]);
    expect(kept.view().every((byte) => byte === 3)).toBe(true);
  });

  it("does not grow when the garbage is interspersed with data used now and then", () => {
    const memory = smallWasmMemory(8 * megabyte);
    const kept = Array.from({ length: 100 }, () => memory.allocate(4));
    for (let step = 0; step < 500; step++) {
      for (let i = 0; i < 20; i++) memory.allocate(50_000 + ((step * 37 + i * 1009) % 50_000));
      kept[step % 100]?.address();
    }
    expect(memory.statistics().linearBytes).toBeLessThan(14 * megabyte);
  });

  it("keeps the blocks used last in place", () => {
    const memory = smallWasmMemory(2 * megabyte);
    const blocks = Array.from({ length: 15 }, () => memory.allocate(800_000));
    const addresses = blocks.map((block) => block.address());
    memory.allocate(100_000);
    expect(blocks.map((block) => block.address())).toEqual(addresses);
  });

  it("says how much was asked for when memory is out", () => {
    const memory = smallWasmMemory(2 * megabyte, 16 * megabyte);
    expect(() => memory.allocate(20 * megabyte)).toThrow(/out of memory: could not allocate 20971520 bytes/);
    expect(memory.allocate(megabyte).view().length).toBe(megabyte);
  });

  it("joins freed neighbours, whatever the order they are freed in", () => {
    const memory = smallWasmMemory(64 * megabyte);
    for (const order of [(i: number) => i, (i: number) => 63 - i, (i: number) => (i * 29) % 64]) {
      const blocks = Array.from({ length: 64 }, () => memory.allocate(100_000));
      for (const i of blocks.keys()) memory.release(blocks[order(i)] ?? expect.fail("no such block"));
      memory.release(memory.allocate(6_000_000));
    }
    expect(memory.statistics().linearBytes).toBeLessThan(14 * megabyte);
  });

  it("never hands out the same bytes twice", () => {
    const memory = smallWasmMemory(64 * megabyte);
    const live = new Map<number, { block: ReturnType<WasmMemory["allocate"]>; mark: number }>();
    let seed = 1;
    const next = (n: number) => {
      seed = (seed * 48271) % 2147483647;
      return seed % n;
    };
    for (let i = 0; i < 5000; i++) {
      const slot = next(200);
      const old = live.get(slot);
      if (old !== undefined) {
        expect(old.block.view().every((byte) => byte === old.mark)).toBe(true);
        memory.release(old.block);
        live.delete(slot);
      } else {
        const block = memory.allocate(next(2) === 0 ? next(300) : next(20_000));
        block.view().fill(i % 256);
        live.set(slot, { block, mark: i % 256 });
      }
    }
  });
});
