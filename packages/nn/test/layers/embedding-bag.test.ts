import "@kindling/autograd";
import {
  arange,
  type EmbeddingBagMode,
  embeddingBag,
  ones,
  ShapeError,
  type Tensor,
  tensor,
  zeros,
} from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { EmbeddingBag } from "../../src/index.js";
import { expectNumbers } from "../numbers.js";

// The numbers are PyTorch's: rows of k^1.5, bags [0, 1], [], [3, 1, 2] and [2].
const table = (): Tensor => arange(12, { dtype: "float64" }).pow(1.5).reshape(4, 3).requiresGrad_();
const indices = tensor([0, 1, 3, 1, 2, 2]);
const offsets = tensor([0, 2, 2, 5]);

interface Expected {
  readonly rows: readonly [number, number, number][];
  readonly gradient: readonly number[];
}
const expected: Readonly<Record<EmbeddingBagMode, Expected>> = {
  sum: {
    rows: [[5.196152, 9, 14.00877], [0, 0, 0], [46.89309, 58.14304, 70.29063], [14.69694, 18.52026, 22.62742]],
    gradient: [10.3923, 18, 28.01753, 104.1785, 134.2861, 168.5988, 123.1801, 153.3266, 185.8361, 93.78618, 116.2861, 140.5813],
  },
  mean: {
    rows: [[2.598076, 4.5, 7.004384], [0, 0, 0], [15.63103, 19.38101, 23.43021], [14.69694, 18.52026, 22.62742]],
    gradient: [2.598076, 4.5, 7.004384, 13.01876, 17.42068, 22.62452, 39.81456, 49.9612, 60.87497, 10.42069, 12.92068, 15.62014],
  },
  max: {
    rows: [[5.196152, 8, 11.18034], [0, 0, 0], [27, 31.62278, 36.48287], [14.69694, 18.52026, 22.62742]],
    gradient: [0, 0, 0, 10.3923, 16, 22.36068, 29.39388, 37.04052, 45.25483, 54, 63.24555, 72.96574],
  },
}; // biome-ignore format: matrices

describe("EmbeddingBag", () => {
  it.each(Object.entries(expected))("makes the %s of each bag, zeros of an empty one", (mode, { rows, gradient }) => {
    const weight = table();
    const result = embeddingBag(indices, weight, offsets, { mode: mode as EmbeddingBagMode });
    expectNumbers(result, rows.flat());
    result.square().sum().backward();
    expectNumbers(weight.grad as Tensor, gradient);
  });

  it("counts the padding row in no bag", () => {
    const weight = table();
    const result = embeddingBag(indices, weight, offsets, { paddingIdx: -3 });
    expectNumbers(result.select(0, 2), [20.84847, 25.07152, 29.55515]);
    result.square().sum().backward();
    expectNumbers((weight.grad as Tensor).select(0, 1), [0, 0, 0]);
    expectNumbers(
      embeddingBag(indices, table(), offsets, { mode: "max", paddingIdx: 1 }).select(0, 0),
      [0, 1, 2.828427],
    );
  });

  it("weighs every row of a sum, the last offset being an end if told so", () => {
    const weight = table();
    const perSampleWeights = tensor([0.5, 1, 2, 3, -1, 1], { dtype: "float64", requiresGrad: true });
    const options = { mode: "sum", perSampleWeights, includeLastOffset: true } as const;
    const result = embeddingBag(indices, weight, tensor([0, 2, 6]), options);
    expectNumbers(result, [5.196152, 8.5, 12.59455, 69.58846, 87.24556, 106.5068]);
    result.square().sum().backward();
    expectNumbers(perSampleWeights.grad as Tensor, [88.24555, 471.6228, 17047.02, 4500.677, 10097.04, 10097.04]);
    expectNumbers((weight.grad as Tensor).select(0, 1), [427.923, 540.4734, 664.2297]);
  });

  it("takes a bag a row, and layers share a table", () => {
    const layer = EmbeddingBag.fromPretrained(table().detach(), { mode: "sum" });
    expect(layer.weight.requiresGrad).toBe(false);
    const [rows, list] = [tensor([[0, 1], [3, 1]]), tensor([0, 1, 3, 1])]; // biome-ignore format: a matrix
    expect(layer.forward(rows).equal(layer.forward(list, tensor([0, 2])))).toBe(true);
    expect(layer.forward(rows, null, ones([2, 2], { dtype: "float64" })).equal(layer.forward(rows))).toBe(true);
    expect(layer.forward(zeros([2, 0], { dtype: "int32" })).toArray()).toEqual([[0, 0, 0], [0, 0, 0]]); // biome-ignore format: a matrix
  });

  it("is shown as PyTorch shows it", () => {
    const layer = new EmbeddingBag(4, 3, { mode: "sum", paddingIdx: -1, maxNorm: 1.5 });
    expect(String(layer)).toBe("EmbeddingBag(4, 3, max_norm=1.5, mode=sum, padding_idx=3)");
  });

  it("names what does not fit", () => {
    const weight = table();
    expect(() => embeddingBag(indices, weight)).toThrow(/needs offsets/);
    expect(() => embeddingBag(indices, weight, tensor([1, 3]))).toThrow(/begin with 0, .* got \[1, 3\]/);
    expect(() => embeddingBag(indices, weight, tensor([0, 4, 3]))).toThrow(/never decrease/);
    expect(() => embeddingBag(indices, weight, tensor([0, 7]))).toThrow(/not exceed the 6 indices/);
    expect(() => embeddingBag(indices.reshape(2, 3), weight, offsets)).toThrow(/takes no offsets/);
    expect(() => embeddingBag(tensor([[4]]), weight)).toThrow(ShapeError);
    expect(() => embeddingBag(indices.reshape(1, 2, 3), weight)).toThrow(/1 or 2 dimensions/);
    expect(() => embeddingBag(indices, weight, offsets, { mode: "min" as "max" })).toThrow(/mode must be/);
    expect(() => embeddingBag(indices, weight, offsets, { mode: "max", scaleGradByFreq: true })).toThrow(/does not go/);
    const perSampleWeights = ones([5]);
    expect(() => embeddingBag(indices, weight, offsets, { perSampleWeights })).toThrow(/need mode "sum"/);
    expect(() => embeddingBag(indices, weight, offsets, { mode: "sum", perSampleWeights })).toThrow(/\[6\].*\[5\]/);
  });
});
