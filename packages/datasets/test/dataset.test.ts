import { Generator, ShapeError, tensor, UsageError } from "@kindling/tensor";
import { describe, expect, expectTypeOf, it } from "vitest";
import { ConcatDataset, randomSplit, Subset, TensorDataset } from "../src/index.js";
import { Counter } from "./counter.js";

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

  it("refuses to be made of nothing", () => {
    expect(() => new ConcatDataset([])).toThrow(UsageError);
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
