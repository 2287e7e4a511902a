import { describe, expect, it, test } from "vitest";
import { empty, manualSeed, ones, rand, randn, type Tensor, UsageError, zeros } from "../src/index.js";

const creators = { zeros, ones, empty, rand, randn };

describe.each(Object.entries(creators))("%s", (name, create) => {
  it("takes sizes as a list or one by one, with options or without", () => {
    const made: Tensor[] = [
      create([2, 3]),
      create([2, 3], { dtype: "float64" }),
      create([2, 3], undefined),
      create(2, 3),
      create(2, 3, { dtype: "float64" }),
      create(2, 3, undefined),
    ];
    expect(made.map(({ shape }) => shape)).toEqual(made.map(() => [2, 3]));
    expect(made.map(({ dtype }) => dtype)).toEqual(["float32", "float64", "float32", "float32", "float64", "float32"]);
  });

  it("makes a vector of one size and a scalar of no sizes", () => {
    expect([create(4).shape, create([]).shape, create(4, { requiresGrad: true }).requiresGrad]).toEqual([
      [4],
      [],
      true,
    ]);
  });

  it("refuses to guess a shape", () => {
    expect(() => create()).toThrow(UsageError);
    expect(() => create({ dtype: "float32" })).toThrow(`${name}: expected sizes`);
    expect(() => create(-1)).toThrow(name);
    expect(() => create(2, 1.5)).toThrow(name);
  });
});

test("random numbers are the same however the sizes are given", () => {
  manualSeed(3);
  const listed = rand([3, 2]).toArray();
  manualSeed(3);
  expect(rand(3, 2).toArray()).toEqual(listed);
});
