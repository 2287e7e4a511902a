import "@kindling/autograd";
import { arange, noGrad, type PooledAndIndices, randn, type Tensor } from "@kindling/tensor";
import { describe, expect, expectTypeOf, it } from "vitest";
import {
  AdaptiveAvgPool1d,
  AdaptiveAvgPool2d,
  AvgPool1d,
  AvgPool2d,
  type Layer,
  MaxPool1d,
  MaxPool2d,
  ReLU,
  Sequential,
} from "../../src/index.js";

const image = (): Tensor => arange(16, { dtype: "float32" }).reshape([1, 1, 4, 4]);

describe("MaxPool2d", () => {
  it("takes the largest element of every window", () => {
    expect(new MaxPool2d(2).forward(image()).toArray()).toEqual([[[[5, 7], [13, 15]]]]); // biome-ignore format: a matrix
    expect(new MaxPool2d(3, { stride: 1 }).forward(image()).toArray()).toEqual([[[[10, 11], [14, 15]]]]); // biome-ignore format: a matrix
    expect(new MaxPool2d([1, 4]).forward(image()).shape).toEqual([1, 1, 4, 1]);
  });

  it("passes its options on", () => {
    const { stride, padding, dilation } = new MaxPool2d(3);
    expect([stride, padding, dilation]).toEqual([3, 0, 1]);
    expect(new MaxPool2d(3, { padding: 1 }).forward(image()).shape).toEqual([1, 1, 2, 2]);
    expect(new MaxPool2d(3, { ceilMode: true }).forward(image()).shape).toEqual([1, 1, 2, 2]);
    expect(new MaxPool2d(2, { dilation: 3 }).forward(image()).toArray()).toEqual([[[[15]]]]);
    expect(() => new MaxPool2d(2, { padding: 2 }).forward(image())).toThrow(/padding must be at most half the kernel/);
  });

  it("tells where the maxima were if asked", () => {
    const pool = new MaxPool2d(2, { returnIndices: true });
    const result = pool.forward(image());
    expectTypeOf(result).toEqualTypeOf<PooledAndIndices>();
    expectTypeOf(new MaxPool2d(2).forward(image())).toEqualTypeOf<Tensor>();
    expect(result.values.toArray()).toEqual([[[[5, 7], [13, 15]]]]); // biome-ignore format: a matrix
    expect(result.indices.toArray()).toEqual([[[[5, 7], [13, 15]]]]); // biome-ignore format: a matrix
  });

  it("keeps values and indices alive at the end of a Sequential, which does not know of two results", () => {
    const pool = new MaxPool2d(2, { returnIndices: true }) as unknown as Layer;
    const model = new Sequential(new ReLU(), pool);
    const result = noGrad(() => model.forward(image())) as unknown as PooledAndIndices;
    for (let i = 0; i < 3; i++) noGrad(() => model.forward(randn([1, 1, 4, 4])));
    expect(result.values.toArray()).toEqual(result.indices.toArray());
  });
});

describe("AvgPool2d", () => {
  it("takes the mean of every window", () => {
    expect(new AvgPool2d(2).forward(image()).toArray()).toEqual([[[[2.5, 4.5], [10.5, 12.5]]]]); // biome-ignore format: a matrix
  });

  it("passes its options on", () => {
    const corner = (pool: AvgPool2d): unknown => pool.forward(image()).select(2, 0).select(2, 0).item();
    expect(corner(new AvgPool2d(3, { padding: 1 }))).toBeCloseTo(10 / 9, 6);
    expect(corner(new AvgPool2d(3, { padding: 1, countIncludePad: false }))).toBe(2.5);
    expect(corner(new AvgPool2d(3, { padding: 1, divisorOverride: 5 }))).toBe(2);
    expect(new AvgPool2d(3, { stride: 2, ceilMode: true }).forward(image()).shape).toEqual([1, 1, 2, 2]);
  });
});

describe("AdaptiveAvgPool2d", () => {
  it("has the size that it is told, null for the input's", () => {
    expect(new AdaptiveAvgPool2d(1).forward(image()).item()).toBe(7.5);
    expect(new AdaptiveAvgPool2d([null, 2]).forward(image()).shape).toEqual([1, 1, 4, 2]);
    expect(new AdaptiveAvgPool2d(null).forward(image()).toArray()).toEqual(image().toArray());
    expect(() => new AdaptiveAvgPool2d(-1).forward(image())).toThrow(/outputSize must be a whole number/);
  });
});

describe("pools over one dimension", () => {
  const row = (): Tensor => arange(6, { dtype: "float32" }).reshape([1, 6]);

  it("take windows of a row", () => {
    expect(new MaxPool1d(2).forward(row()).toArray()).toEqual([[1, 3, 5]]);
    expect(new MaxPool1d(4, { stride: 3, ceilMode: true, padding: 1 }).forward(row()).toArray()).toEqual([[2, 5, 5]]);
    const { values, indices } = new MaxPool1d(3, { returnIndices: true }).forward(row());
    expect([values.toArray(), indices.toArray()]).toEqual([[[2, 5]], [[2, 5]]]);
    expect(new AvgPool1d(3).forward(row()).toArray()).toEqual([[1, 4]]);
    expect(new AvgPool1d(3, { padding: 1, stride: 5, countIncludePad: false }).forward(row()).toArray()).toEqual([
      [0.5, 4.5],
    ]);
    expect(new AdaptiveAvgPool1d(4).forward(row()).toArray()).toEqual([[0.5, 1.5, 3.5, 4.5]]);
  });

  it("refuse sizes for two", () => {
    expect(() => new MaxPool1d([2, 2]).forward(row())).toThrow(
      /kernelSize must be a whole number of at least 1 or a list of 1/,
    );
    expect(() => new AvgPool1d([2, 2])).toThrow(/AvgPool1d: kernelSize must be a whole number of at least 1/);
    expect(() => new AdaptiveAvgPool1d([2, 2]).forward(row())).toThrow(
      /outputSize must be a whole number of at least 1 or a list of 1|outputSize must be a whole number of at least 0/,
    );
  });
});
