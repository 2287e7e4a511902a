import { Generator, ShapeError, tensor, UsageError } from "@kindling/tensor";
import { describe, expect, expectTypeOf, it } from "vitest";
import {
  ChainDataset,
  ConcatDataset,
  DataLoader,
  IterableDataset,
  randomSplit,
  StackDataset,
  Subset,
  TensorDataset,
} from "../src/index.js";
import { Counter } from "./counter.js";

class Stream extends IterableDataset<number> {
  readonly length: number;
  readonly #items: readonly number[];

  constructor(items: readonly number[]) {
    super();
    this.length = items.length;
    this.#items = items;
  }

  override *[Symbol.iterator]() {
    yield* this.#items;
  }
}

class SlowStream extends IterableDataset<number> {
  override async *[Symbol.asyncIterator]() {
    yield* [7, 8];
  }
}

describe("Dataset", () => {
  it("can be iterated", () => {
    expect([...new Counter(5, 3)]).toEqual([5, 6, 7]);
  });
});

describe("TensorDataset", () => {
  const data = new TensorDataset(
    tensor([
      [1, 2],
      [3, 4],
      [5, 6],
    ]),
    tensor([7, 8, 9]),
  );

  it("gives the slices of each tensor", () => {
    const [x, y] = data.getItem(1);
    expect(x.toArray()).toEqual([3, 4]);
    expect(y.item()).toBe(8);
    expect(data.length).toBe(3);
  });

  it("makes the batch that its items would make", () => {
    const [x, y] = data.getItems([2, 0]);
    expect(x.toArray()).toEqual([
      [5, 6],
      [1, 2],
    ]);
    expect(y.toArray()).toEqual([9, 7]);
  });

  it("counts negative indices from the end and refuses others out of range", () => {
    expect(data.getItem(-1)[1].item()).toBe(9);
    expect(() => data.getItem(3)).toThrow(ShapeError);
    expect(() => data.getItems([0, 3])).toThrow(/from -3 to 2, got 3/);
  });

  it("refuses tensors of unequal lengths", () => {
    expect(() => new TensorDataset(tensor([1, 2]), tensor([1]))).toThrow(/equal first dimensions, got \[2\], \[1\]/);
  });
});

describe("Subset", () => {
  it("hands whole batches on to a data set that can make them", () => {
    const data = new TensorDataset(tensor([10, 11, 12, 13]));
    expect(new Subset(data, [3, 1, 2]).getItems?.([0, 1])[0].toArray()).toEqual([13, 11]);
    expect(new Subset(new Counter(0, 4), [3]).getItems).toBeUndefined();
  });

  it("refuses an index beyond its own length", () => {
    expect(() => new Subset(new Counter(0, 10), [1, 2]).getItem(2)).toThrow(/Subset: expected an index from -2 to 1/);
  });
});

describe("ConcatDataset", () => {
  it("skips empty parts", () => {
    const data = new ConcatDataset([new Counter(0, 0), new Counter(10, 2), new Counter(0, 0), new Counter(20, 1)]);
    expect([...data]).toEqual([10, 11, 20]);
  });

  it("tells where each part ends", () => {
    expect(new ConcatDataset([new Counter(0, 2), new Counter(0, 3)]).cumulativeSizes).toEqual([2, 5]);
  });

  it("refuses to be made of nothing, and streams", () => {
    expect(() => new ConcatDataset([])).toThrow(UsageError);
    expect(() => new ConcatDataset([new Stream([1]) as never])).toThrow(/IterableDataset; use ChainDataset/);
  });
});

describe("StackDataset", () => {
  const [ones, tens] = [new Counter(1, 3), new Counter(10, 3)];

  it("of a list gives tuples, which the compiler knows", () => {
    const data = new StackDataset(ones, tens);
    expectTypeOf(data.getItem(0)).toEqualTypeOf<[number, number]>();
    expect([...data]).toEqual([
      [1, 10],
      [2, 11],
      [3, 12],
    ]);
    expect(data.getItem(-1)).toEqual([3, 12]);
    expect(new StackDataset(ones).getItem(0)).toEqual([1]);
    expect(new StackDataset([ones, tens]).getItem(0)).toEqual([1, 10]);
  });

  it("of an object gives objects, and batches of them", () => {
    const data = new StackDataset({ one: ones, ten: tens });
    expectTypeOf(data.getItem(0)).toEqualTypeOf<{ one: number; ten: number }>();
    expect(data.getItem(1)).toEqual({ one: 2, ten: 11 });
    const [batch] = new DataLoader(data, { batchSize: 2 });
    expect(batch?.ten.toArray()).toEqual([10, 11]);
  });

  it("refuses lengths that differ, nothing, and what is no data set", () => {
    expect(() => new StackDataset(ones, new Counter(0, 4))).toThrow(/equal length, got 0: 3, 1: 4/);
    expect(() => new StackDataset({ a: ones, b: new Counter(0, 2) })).toThrow(ShapeError);
    expect(() => new StackDataset()).toThrow(/at least one/);
    expect(() => new StackDataset(ones, 3 as never)).toThrow(/got number as 1/);
    expect(() => new StackDataset(ones, tens).getItem(3)).toThrow(
      /StackDataset: expected an index from -3 to 2, got 3/,
    );
  });
});

describe("ChainDataset", () => {
  it("gives one stream after the other, and the length if all know theirs", () => {
    const chain = new ChainDataset([new Stream([1, 2]), new Stream([]), new Stream([3])]);
    expect([...(chain as Iterable<number>)]).toEqual([1, 2, 3]);
    expect(chain.length).toBe(3);
    expect(new DataLoader(chain, { batchSize: 2 }).length).toBe(2);
    expect(Array.from(new DataLoader(chain, { batchSize: 2 }), (batch) => batch.toArray())).toEqual([[1, 2], [3]]);
  });

  it("waits for a stream that has to be waited for", async () => {
    const chain = new ChainDataset([new Stream([1]), new SlowStream()]);
    const items: number[] = [];
    for await (const item of chain as AsyncIterable<number>) items.push(item);
    expect(items).toEqual([1, 7, 8]);
    expect(() => [...(chain as Iterable<number>)]).toThrow(/for await/);
    expect(() => chain.length).toThrow(/not known/);
  });

  it("refuses data sets with indices", () => {
    expect(() => [...(new ChainDataset([new Counter(0, 2) as never]) as Iterable<number>)]).toThrow(/ConcatDataset/);
  });
});

describe("randomSplit", () => {
  it("with seed 4 gives PyTorch's parts", () => {
    const parts = randomSplit(new Counter(0, 10), [7, 3], { generator: new Generator().manualSeed(4) });
    expect(parts.map((part) => [...part])).toEqual([
      [0, 4, 9, 6, 7, 3, 2],
      [8, 1, 5],
    ]);
  });

  it("gives as many parts as lengths, which the compiler knows", () => {
    const [training, validation] = randomSplit(new Counter(0, 10), [0.8, 0.2]);
    expectTypeOf(validation).toEqualTypeOf<Subset<number>>();
    expect([training.length, validation.length]).toEqual([8, 2]);
  });

  it("refuses lengths that do not add up, and negative ones", () => {
    expect(() => randomSplit(new Counter(0, 10), [0.5, 0.4])).toThrow(/add up to the data set's 10 items/);
    expect(() => randomSplit(new Counter(0, 10), [11, -1])).toThrow(/not negative/);
  });
});
