import "@kindling/autograd";
import { arange, ones, randn, type Tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import {
  AdaptiveMaxPool1d,
  AdaptiveMaxPool2d,
  Fold,
  LPPool1d,
  LPPool2d,
  MaxPool1d,
  MaxPool2d,
  MaxUnpool1d,
  MaxUnpool2d,
  Unfold,
} from "../../src/index.js";

const image = (): Tensor => arange(16, { dtype: "float32" }).reshape([1, 1, 4, 4]);
const row = (): Tensor => arange(6, { dtype: "float32" }).reshape([1, 6]);

describe("AdaptiveMaxPool", () => {
  it("takes maxima of as many windows as wanted, and tells where they were if asked", () => {
    expect(new AdaptiveMaxPool1d(4).forward(row()).toArray()).toEqual([[1, 2, 4, 5]]);
    expect(new AdaptiveMaxPool2d([2, null]).forward(image()).shape).toEqual([1, 1, 2, 4]);
    const { values, indices } = new AdaptiveMaxPool2d(1, { returnIndices: true }).forward(image());
    expect([values.item(), indices.item()]).toEqual([15, 15]);
    expect(new AdaptiveMaxPool1d(1, { returnIndices: true }).forward(row()).indices.toArray()).toEqual([[5]]);
  });
});

describe("LPPool", () => {
  it("takes the norm of every window", () => {
    expect(new LPPool1d(1, 2).forward(row()).toArray()).toEqual([[1, 5, 9]]);
    expect(new LPPool1d(1, 4, { stride: 3, ceilMode: true }).forward(row()).toArray()).toEqual([[6, 16]]);
    expect(new LPPool2d(2, 2, { stride: 3 }).forward(ones([1, 4, 4])).toArray()).toEqual([[[2]]]);
  });
});

describe("MaxUnpool", () => {
  it("puts maxima back to where they were", () => {
    const pooled = new MaxPool2d(2, { returnIndices: true }).forward(image());
    const back = new MaxUnpool2d(2).forward(pooled.values, pooled.indices);
    expect(back.squeeze().toArray()).toEqual([
      [0, 0, 0, 0],
      [0, 5, 0, 7],
      [0, 0, 0, 0],
      [0, 13, 0, 15],
    ]);
    const { values, indices } = new MaxPool1d(4, { returnIndices: true }).forward(row());
    expect(new MaxUnpool1d(4).forward(values, indices).shape).toEqual([1, 4]);
    expect(new MaxUnpool1d(4).forward(values, indices, [1, 6]).toArray()).toEqual([[0, 0, 0, 3, 0, 0]]);
  });

  it("refuses sizes for other dimensions", () => {
    expect(() => new MaxUnpool1d([2, 2])).toThrow(/MaxUnpool1d: kernelSize must be a whole number of at least 1/);
  });
});

describe("Unfold and Fold", () => {
  it("make columns of windows, and images of columns", () => {
    const unfold = new Unfold(2, { stride: 2 });
    expect(unfold.forward(image()).shape).toEqual([1, 4, 4]);
    const fold = new Fold(4, 2, { stride: 2 });
    expect(fold.forward(unfold.forward(image())).toArray()).toEqual(image().toArray());
    expect(new Fold([4, 5], [2, 2]).forward(randn([1, 12, 12])).shape).toEqual([1, 3, 4, 5]);
    expect(new Unfold(3, { padding: 1, dilation: 2 }).forward(image()).shape).toEqual([1, 9, 4]);
  });

  it("let gradients through", () => {
    const x = image().requiresGrad_();
    new Unfold(2).forward(x).sum().backward();
    expect(x.grad?.squeeze().select(0, 1).toArray()).toEqual([2, 4, 4, 2]);
  });
});
