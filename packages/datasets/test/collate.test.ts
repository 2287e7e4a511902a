import { ShapeError, type Tensor, tensor, UsageError } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { defaultCollate } from "../src/index.js";

describe("defaultCollate", () => {
  it("stacks tensors and turns labels into int32", () => {
    const [x, y] = defaultCollate<[Tensor, number]>([
      [tensor([1, 2]), 5],
      [tensor([3, 4]), 6],
    ]);
    expect(x.toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect([y.dtype, y.toArray()]).toEqual(["int32", [5, 6]]);
  });

  it("turns fractions into float64, as PyTorch does, and booleans into bool", () => {
    expect(defaultCollate([1, 0.5]).dtype).toBe("float64");
    const flags = defaultCollate([true, false]);
    expect([flags.dtype, flags.toArray()]).toEqual(["bool", [true, false]]);
  });

  it("keeps the form of objects and arrays, and strings as they are", () => {
    const batch = defaultCollate([
      { name: "a", values: [1, 2], raw: Float32Array.of(1, 2) },
      { name: "b", values: [3, 4], raw: Float32Array.of(3, 4) },
    ]);
    expect(batch.name).toEqual(["a", "b"]);
    expect(batch.values.map((value) => value.toArray())).toEqual([
      [1, 3],
      [2, 4],
    ]);
    expect([batch.raw.dtype, batch.raw.shape]).toEqual(["float32", [2, 2]]);
  });

  it("names the member whose shapes differ, both shapes, and the ways out", () => {
    const samples = [{ image: tensor([1, 2]) }, { image: tensor([1, 2, 3]) }];
    expect(() => defaultCollate(samples)).toThrow(ShapeError);
    expect(() => defaultCollate(samples)).toThrow(
      /sample\.image: expected tensors of one shape, got \[2\] and \[3\]; crop or resize/,
    );
  });

  it("refuses tuples of unequal length", () => {
    expect(() => defaultCollate([[1, 2], [1]])).toThrow(/sample has 2 members in one sample and 1 in another/);
  });

  it("refuses mixed kinds, missing keys and what has no batch", () => {
    expect(() => defaultCollate<number | string>([1, "a"])).toThrow(
      /sample is a number in one sample and a string in another/,
    );
    expect(() => defaultCollate<object>([{ a: 1 }, { b: 1 }])).toThrow(/sample\.a is in one sample and missing/);
    expect(() => defaultCollate([[null], [null]])).toThrow(/sample\[0\] is null/);
    expect(() => defaultCollate([])).toThrow(UsageError);
  });
});
