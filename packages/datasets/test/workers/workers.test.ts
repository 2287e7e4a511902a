import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import type { DataLoader, DataLoaderOptions } from "../../src/index.js";
import { DataLoader as LoaderFromSources } from "../../src/index.js";
import { buildAll } from "./built.js";
import { Numbers as NumbersFromSources, type NumbersOptions } from "./numbers.js";

type Batch = [index: Tensor, worker: Tensor, draw: Tensor];
type Options = DataLoaderOptions<Promise<[Tensor, number, number]>, Batch>;

const { datasets, tensor, numbers: modules, address } = await buildAll();
const { Generator, manualSeed, rand, UsageError } = tensor;
const { dataset, Numbers } = modules;
const { getWorkerInfo, Subset } = datasets;

function numbers(data: NumbersOptions, options: Options): DataLoader<Promise<[Tensor, number, number]>, Batch> {
  return new datasets.DataLoader(new Numbers(data), {
    workerModule: address("numbers"),
    workerData: data,
    ...options,
  });
}

const show = ([index, worker, draw]: Batch) => [
  index.select(1, 0).toArray(),
  worker.toArray(),
  (draw.toArray() as number[]).map((value) => Math.round(value * 1e6) / 1e6),
];

async function collect<T, R>(loader: AsyncIterable<T>, map: (batch: T) => R): Promise<R[]> {
  const all: R[] = [];
  for await (const batch of loader) all.push(map(batch));
  return all;
}

// The expected numbers were computed with PyTorch.
const expectedOfSeed3 = [
  [
    [7, 4, 2, 9],
    [0, 0, 0, 0],
    [0.787608, 1.186291, 1.102046, 1.194934],
  ],
  [
    [1, 5, 0, 8],
    [1, 1, 1, 1],
    [1.247018, 1.329041, 1.182488, 1.193935],
  ],
  [
    [6, 3],
    [0, 0],
    [1.43601, 1.24699],
  ],
];
const expectedOfSeed1 = [
  [
    [4, 6, 9],
    [0, 0, 0],
    [1.01131, 0.731042, 1.158974],
  ],
  [
    [9, 2, 0],
    [0, 0, 0],
    [0.512143, 0.575322, 1.068679],
  ],
  [
    [5, 4, 7],
    [1, 1, 1],
    [1.167806, 0.940143, 1.118337],
  ],
  [
    [3, 1, 8],
    [0, 0, 0],
    [0.612095, 0.983032, 1.316366],
  ],
  [[6], [1], [0.523826]],
];
const nextOfSeed1 = 0.8099602460861206;
const afterBaseSeed = 0.08847743272781372;

describe("a loader with workers", { timeout: 60_000 }, () => {
  it("gives PyTorch's batches and random numbers, however slow a worker is", async () => {
    const generator = new Generator().manualSeed(3);
    const loader = numbers({ delays: [40, 0] }, { batchSize: 4, shuffle: true, numWorkers: 2, generator });
    expect(await collect(loader, show)).toEqual(expectedOfSeed3);
  });

  it("keeps persistent workers, and their random numbers, from epoch to epoch as PyTorch does", async () => {
    const generator = new Generator().manualSeed(1);
    const options = { batchSize: 3, shuffle: true, persistentWorkers: true, prefetchFactor: 1, generator };
    const loader = numbers({}, { ...options, numWorkers: 2 });
    const brokenOff = loader[Symbol.asyncIterator]();
    const { value } = await brokenOff.next();
    expect(show(value)).toEqual(expectedOfSeed1[0]);
    expect(await collect(loader, show)).toEqual(expectedOfSeed1.slice(1));
    await expect(brokenOff.next()).rejects.toThrow(/only one iteration runs at a time/);
    expect(rand([1], { generator }).item()).toBeCloseTo(nextOfSeed1, 6);
  });

  it("takes turns between the streams of its workers until each has ended", async () => {
    const options = { workerModule: address("numbers"), workerData: { stream: true }, batchSize: 2, numWorkers: 3 };
    const loader = new datasets.DataLoader<number, Tensor>(dataset({ stream: true }) as never, options);
    expect(await collect(loader, (batch) => batch.toArray())).toEqual([[0], [10, 11], [20, 21], [12], [22, 23], [24]]);
  });

  it("hands on a worker's error with the item, its class and the worker's stack; persistent workers go on", async () => {
    const loader = numbers({ fault: "throw" }, { batchSize: 2, numWorkers: 1, persistentWorkers: true });
    const batches: unknown[] = [];
    const read = async () => {
      for await (const batch of loader) batches.push(show(batch)[0]);
    };
    const error: unknown = await read().catch((thrown) => thrown);
    expect(error).toBeInstanceOf(RangeError);
    expect((error as Error).message).toBe("DataLoader worker 0, item 5: five is broken");
    expect((error as Error).stack).toMatch(/misbehave.*\.js/s);
    expect(batches).toEqual([
      [0, 1],
      [2, 3],
    ]);
    await expect(read()).rejects.toThrow("five is broken");
    expect(batches.length).toBe(4);
  });

  it("says which worker died, over which items, when one exits", async () => {
    const loader = numbers({ fault: "exit" }, { batchSize: 3, numWorkers: 1 });
    await expect(collect(loader, show)).rejects.toThrow(/worker 0 ended with exit code 3, loading items 3, 4, 5/);
  });

  it("says which worker died, and why, when nobody catches its error; the next epoch has a new one", async () => {
    const loader = numbers({ fault: "crash" }, { batchSize: 3, numWorkers: 1, persistentWorkers: true });
    for (let epoch = 0; epoch < 2; epoch++) {
      await expect(collect(loader, show)).rejects.toThrow(/worker 0 failed, loading items 3, 4, 5: out of the blue/);
    }
  });

  it("waits no longer than its timeout", async () => {
    const loader = numbers({ fault: "hang" }, { batchSize: 5, numWorkers: 1, timeout: 20 });
    const iterator = loader[Symbol.asyncIterator]();
    await iterator.next();
    const impatient = numbers({ fault: "hang" }, { batchSize: 5, numWorkers: 1, timeout: 0.01 });
    await expect(collect(impatient, show)).rejects.toThrow(/timed out after 0\.01 seconds/);
    await iterator.return?.();
  });

  it("sends the indices of a Subset to workers that have the whole data set", async () => {
    const nested = new Subset(new Subset(new Numbers({}), [9, 8, 7, 6]), [3, 1]);
    const options = { batchSize: 2, numWorkers: 1, workerModule: address("numbers") };
    const loader = new datasets.DataLoader(nested, { ...options, workerData: {} });
    expect(await collect(loader, ([index]) => index.toArray())).toEqual([
      [
        [6, 60],
        [8, 80],
      ],
    ]);
    const other = new datasets.DataLoader(nested, { ...options, workerData: { length: 4 } });
    await expect(collect(other, () => null)).rejects.toThrow(
      /is 4 items, that of the loader 10 items; make both by the/,
    );
  });

  it("uses the module's collate and workerInitFn", async () => {
    const module = { workerModule: address("words"), numWorkers: 2, batchSize: 2 };
    const loader = new datasets.DataLoader<string, unknown>(["a", "b", "c"], { ...module, collate: (words) => words });
    expect(await collect(loader, (batch) => batch)).toEqual([
      { text: "a+b", worker: 0, raw: Uint8Array.of(1, 2) },
      { text: "c", worker: 1, raw: Uint8Array.of(1, 2) },
    ]);
  });

  it("says what is wrong with a module", async () => {
    const options = { numWorkers: 1, batchSize: 1, workerModule: address("numbers") };
    const wrong = new datasets.DataLoader([1], {
      ...options,
      workerModule: address("index"),
    });
    await expect(collect(wrong, () => null)).rejects.toThrow(/index\.js: expected it to export `dataset`/);
    const uncollated = new datasets.DataLoader(new Numbers({}), {
      ...options,
      workerData: {},
      collate: (items) => items,
    });
    await expect(collect(uncollated, () => null)).rejects.toThrow(/collate runs in the workers; export it/);
  });

  it("lets the process end, after a loop that was left or never began, and with idle or forgotten workers", () => {
    const output = execFileSync(process.execPath, [fileURLToPath(address("leave"))], { encoding: "utf8" });
    expect(output).toBe("threads left 0\nno order\ndone\n");
  });

  it("starts from sources too, with a module in TypeScript", async () => {
    const workerModule = new URL("./numbers.js", import.meta.url);
    const options = { workerModule, workerData: {}, batchSize: 5, numWorkers: 1 };
    const loader = new LoaderFromSources(new NumbersFromSources({}), options);
    expect(await collect(loader, ([index]) => index.select(1, 0).toArray())).toEqual([
      [0, 1, 2, 3, 4],
      [5, 6, 7, 8, 9],
    ]);
  });
});

describe("a loader with workers", () => {
  it("is for `for await` only", () => {
    expect(() => [...numbers({}, { numWorkers: 1 })]).toThrow(/iterate with `for await/);
  });

  it("needs a module, which is there, and options that make sense", () => {
    expect(() => new datasets.DataLoader([1], { numWorkers: 1 })).toThrow(
      /numWorkers needs workerModule.*export const dataset/,
    );
    expect(() => numbers({}, { numWorkers: 1, workerModule: "./numbers.js" })).toThrow(/new URL\("\.\/my-data\.js"/);
    expect(() => numbers({}, { numWorkers: 1, workerModule: address("nowhere") })).toThrow(
      /no workerModule file:.*nowhere/,
    );
    expect(() => numbers({}, { numWorkers: -1 })).toThrow(UsageError);
    expect(() => numbers({}, { numWorkers: 1.5 })).toThrow(/whole number from 0 on, got 1\.5/);
    expect(() => numbers({}, { numWorkers: 1, prefetchFactor: 0 })).toThrow(/prefetchFactor to be a positive/);
    expect(() => numbers({}, { numWorkers: 1, timeout: -1 })).toThrow(/timeout in seconds/);
    expect(() => new datasets.DataLoader([1], { prefetchFactor: 2 })).toThrow(/need numWorkers/);
    expect(() => new datasets.DataLoader([1], { persistentWorkers: true })).toThrow(/need numWorkers/);
  });

  it("leaves the options of workers aside without any", () => {
    expect([...new datasets.DataLoader([1, 2], { workerModule: address("numbers"), numWorkers: 0 })].length).toBe(2);
    expect(getWorkerInfo()).toBeNull();
  });

  it("draws a base seed per epoch as PyTorch does, without workers too", () => {
    manualSeed(0);
    for (const _ of new datasets.DataLoader([1])) expect(rand([1]).item()).toBeCloseTo(afterBaseSeed, 6);
  });
});
