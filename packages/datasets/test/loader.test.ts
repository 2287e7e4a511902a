import { Generator, manualSeed, rand, type Tensor, tensor, UsageError } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { DataLoader, Dataset, IterableDataset, SequentialSampler, TensorDataset } from "../src/index.js";

const eight = [0, 1, 2, 3, 4, 5, 6, 7];
const toArrays = (batches: Iterable<Tensor>) => Array.from(batches, (batch) => batch.toArray());

// The expected numbers were computed with PyTorch.
describe("a shuffling loader", () => {
  it("with a generator gives PyTorch's batches, epoch after epoch", () => {
    const loader = new DataLoader(eight, { batchSize: 3, shuffle: true, generator: new Generator().manualSeed(0) });
    expect(toArrays(loader)).toEqual([
      [5, 3, 1],
      [7, 2, 6],
      [4, 0],
    ]);
    expect(toArrays(loader)).toEqual([
      [2, 3, 4],
      [7, 1, 0],
      [6, 5],
    ]);
    expect(toArrays(loader)).toEqual([
      [3, 5, 6],
      [7, 0, 2],
      [1, 4],
    ]);
  });

  it("without one draws from the global generator as PyTorch does", () => {
    manualSeed(0);
    const loader = new DataLoader(eight, { batchSize: 3, shuffle: true });
    expect(toArrays(loader)).toEqual([
      [2, 0, 5],
      [3, 1, 4],
      [7, 6],
    ]);
    expect(toArrays(loader)).toEqual([
      [0, 3, 7],
      [1, 6, 2],
      [5, 4],
    ]);
    const [first] = rand([1]).toTypedArray();
    expect(first).toBeCloseTo(0.455627977848053, 6);
  });

  it("iterated asynchronously gives the same order", async () => {
    const loader = new DataLoader(eight, { batchSize: 3, shuffle: true, generator: new Generator().manualSeed(0) });
    const batches: unknown[] = [];
    for await (const batch of loader) batches.push(batch.toArray());
    expect(batches).toEqual([
      [5, 3, 1],
      [7, 2, 6],
      [4, 0],
    ]);
  });
});

class Delayed extends Dataset<Promise<[number, number]>> {
  readonly length = 5;
  readonly started: number[] = [];

  async getItem(index: number): Promise<[number, number]> {
    this.started.push(index);
    await new Promise((resolve) => setTimeout(resolve, 5 - index));
    if (index === 4) throw new Error("item 4 is broken");
    return [index, index * index];
  }
}

describe("DataLoader", () => {
  it("counts its batches and leaves out the last on request", () => {
    expect(new DataLoader(eight, { batchSize: 3 }).length).toBe(3);
    const loader = new DataLoader(eight, { batchSize: 3, dropLast: true });
    expect(loader.length).toBe(2);
    expect(toArrays(loader)).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
  });

  it("collates as it is told", () => {
    const loader = new DataLoader(eight, { batchSize: 4, collate: (samples) => samples.join("") });
    expect([...loader]).toEqual(["0123", "4567"]);
  });

  it("follows a sampler or a batch sampler", () => {
    const odd = {
      length: 2,
      *[Symbol.iterator]() {
        yield* [7, 1];
      },
    };
    expect(toArrays(new DataLoader(eight, { sampler: odd, batchSize: 2 }))).toEqual([[7, 1]]);
    expect(toArrays(new DataLoader(eight, { batchSampler: [[3], [1, 2]] }))).toEqual([[3], [1, 2]]);
  });

  it("takes whole batches from a data set that makes them, unless another form is wanted", () => {
    const data = new TensorDataset(tensor([1, 2, 3]));
    let asked = 0;
    const getItems = data.getItems.bind(data);
    data.getItems = (indices) => {
      asked++;
      return getItems(indices);
    };
    expect([...new DataLoader(data, { batchSize: 2 })].map(([x]) => x.toArray())).toEqual([[1, 2], [3]]);
    expect(asked).toBe(2);
    for (const samples of new DataLoader(data, { batchSize: 3, collate: (items) => items }))
      expect(samples.length).toBe(3);
    expect(asked).toBe(2);
  });

  it("loads the next batch of an asynchronous data set while one is used, and reports errors in turn", async () => {
    const data = new Delayed();
    const batches: unknown[] = [];
    const read = async () => {
      for await (const [x, y] of new DataLoader(data, { batchSize: 2 })) {
        if (batches.length === 0) expect(data.started).toEqual([0, 1, 2, 3]);
        batches.push([x.toArray(), y.toArray()]);
      }
    };
    await expect(read()).rejects.toThrow("item 4 is broken");
    expect(batches).toEqual([
      [
        [0, 1],
        [0, 1],
      ],
      [
        [2, 3],
        [4, 9],
      ],
    ]);
  });

  it("says how to read an asynchronous data set", () => {
    expect(() => [...new DataLoader(new Delayed(), { batchSize: 2 })]).toThrow(/for await/);
  });

  it("batches a stream", async () => {
    class Stream extends IterableDataset<number> {
      override *[Symbol.iterator]() {
        yield* [1, 2, 3];
      }
    }
    expect(toArrays(new DataLoader(new Stream(), { batchSize: 2 }))).toEqual([[1, 2], [3]]);
    expect(toArrays(new DataLoader(new Stream(), { batchSize: 2, dropLast: true }))).toEqual([[1, 2]]);
    const batches: unknown[] = [];
    for await (const batch of new DataLoader(new Stream(), { batchSize: 2 })) batches.push(batch.toArray());
    expect(batches).toEqual([[1, 2], [3]]);
    expect(() => new DataLoader(new Stream()).length).toThrow(/does not tell its length/);
    expect(() => new DataLoader(new Stream(), { shuffle: true })).toThrow(UsageError);
  });

  it("reads a stream that has to be waited for", async () => {
    class Slow extends IterableDataset<number> {
      override async *[Symbol.asyncIterator]() {
        yield* [1, 2, 3];
      }
    }
    const batches: unknown[] = [];
    for await (const batch of new DataLoader(new Slow(), { batchSize: 2 })) batches.push(batch.toArray());
    expect(batches).toEqual([[1, 2], [3]]);
    expect(() => [...new DataLoader(new Slow())]).toThrow(/for await/);
  });

  it("refuses options that make no sense or exclude each other", () => {
    expect(() => new DataLoader(eight, { batchSize: 0 })).toThrow(/batchSize to be a positive integer, got 0/);
    expect(() => new DataLoader(eight, { batchSize: 1.5 })).toThrow(UsageError);
    expect(() => new DataLoader(eight, { shuffle: true, sampler: new SequentialSampler(eight) })).toThrow(
      /exclude each other/,
    );
    expect(() => new DataLoader(eight, { batchSampler: [[1]], dropLast: true })).toThrow(/batchSampler excludes/);
  });
});
