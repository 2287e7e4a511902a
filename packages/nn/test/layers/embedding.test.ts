import "@kindling/autograd";
import { manualSeed, tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { Embedding } from "../../src/index.js";
import { expectNumbers } from "../numbers.js";

const table = () => tensor([[1, 2], [3, 4], [5, 6]], { dtype: "float32" }); // biome-ignore format: a matrix

describe("Embedding", () => {
  it("looks up rows for an index of any shape", () => {
    const layer = Embedding.fromPretrained(table());
    expect(layer.forward(tensor([[2], [0]])).toArray()).toEqual([[[5, 6]], [[1, 2]]]); // biome-ignore format: a matrix
    expect(layer.forward(tensor(1)).toArray()).toEqual([3, 4]);
  });

  it("begins with zeros in the padding row, which gets no gradient", () => {
    const layer = new Embedding(3, 2, { paddingIdx: -2 });
    expect(layer.paddingIdx).toBe(1);
    expect(layer.weight.select(0, 1).toArray()).toEqual([0, 0]);
    layer
      .forward(tensor([0, 1, 1]))
      .sum()
      .backward();
    expect(layer.weight.grad?.toArray()).toEqual([[1, 1], [0, 0], [0, 0]]); // biome-ignore format: a matrix
  });

  it("divides gradients by how often a row occurs if told so", () => {
    const layer = new Embedding(3, 2, { scaleGradByFreq: true });
    layer
      .forward(tensor([0, 1, 1]))
      .sum()
      .backward();
    expect(layer.weight.grad?.toArray()).toEqual([[1, 1], [1, 1], [0, 0]]); // biome-ignore format: a matrix
  });

  it("limits the norm of rows that are looked up, in the table", () => {
    const layer = Embedding.fromPretrained(tensor([[3, 4], [6, 8]], { dtype: "float32" }), { maxNorm: 1, freeze: false }); // biome-ignore format: a matrix
    expectNumbers(layer.forward(tensor([0])), [0.6, 0.8]);
    expectNumbers(layer.weight, [0.6, 0.8, 6, 8]);
    const sum = Embedding.fromPretrained(table(), { maxNorm: 1, normType: 1 });
    expectNumbers(sum.forward(tensor([0])), [1 / 3, 2 / 3]);
  });

  it("from a pretrained table draws nothing, shares its memory, and is frozen unless told otherwise", () => {
    const weights = table();
    manualSeed(0);
    const layer = Embedding.fromPretrained(weights);
    const first = new Embedding(1, 1).weight.item();
    manualSeed(0);
    expect(new Embedding(1, 1).weight.item()).toBe(first);
    weights.fill_(7);
    expect(layer.weight.select(0, 0).toArray()).toEqual([7, 7]);
    expect(layer.weight.requiresGrad).toBe(false);
    expect(Embedding.fromPretrained(weights, { freeze: false }).weight.requiresGrad).toBe(true);
  });

  it("refuses what does not fit", () => {
    expect(() => new Embedding(3, 2, { paddingIdx: 3 })).toThrow(/paddingIdx 3 is out of range for 3 rows/);
    expect(() => new Embedding(3, 2, { paddingIdx: -4 })).toThrow(/paddingIdx -4/);
    expect(() => new Embedding(2, 2, { weight: table() })).toThrow(/expected a weight \[2, 2\], got \[3, 2\]/);
    expect(() => Embedding.fromPretrained(tensor([1, 2]))).toThrow(/expected a table \[rows, size\], got \[2\]/);
    expect(() => new Embedding(3, 2).forward(tensor([0.5], { dtype: "float32" }))).toThrow(/embedding: /);
  });
});
