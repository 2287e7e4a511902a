import "@kindling/autograd";
import { arange, ones, randn, tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { Conv1d, ConvTranspose1d, ConvTranspose2d } from "../../src/index.js";

describe("Conv1d", () => {
  const layer = (options = {}): Conv1d => {
    const result = new Conv1d(1, 1, 3, { bias: false, ...options });
    result.loadStateDict({ weight: tensor([[[1, 2, 4]]]) });
    return result;
  };

  it("slides over one dimension, with and without a batch", () => {
    const x = arange(5, { dtype: "float32" });
    expect(
      layer()
        .forward(x.reshape([1, 1, 5]))
        .toArray(),
    ).toEqual([[[10, 17, 24]]]);
    expect(
      layer({ stride: 2 })
        .forward(x.reshape([1, 5]))
        .toArray(),
    ).toEqual([[10, 24]]);
    expect(
      layer({ padding: "same" })
        .forward(x.reshape([1, 5]))
        .toArray(),
    ).toEqual([[4, 10, 17, 24, 11]]);
    expect(
      layer({ dilation: 2 })
        .forward(x.reshape([1, 5]))
        .toArray(),
    ).toEqual([[20]]);
  });

  it("pads as its mode says", () => {
    const x = arange(3, { dtype: "float32" }).reshape([1, 3]);
    expect(layer({ padding: 1, paddingMode: "circular" }).forward(x).toArray()).toEqual([[6, 10, 5]]);
    expect(layer({ padding: 1, paddingMode: "replicate" }).forward(x).toArray()).toEqual([[4, 10, 13]]);
    expect(layer({ padding: "same", paddingMode: "reflect" }).forward(x).toArray()).toEqual([[5, 10, 9]]);
  });

  it("refuses sizes for other dimensions", () => {
    expect(() => new Conv1d(1, 1, [3, 3])).toThrow(/Conv1d: kernelSize must be a whole number of at least 1 or a list/);
    expect(() => new Conv1d(1, 1, 3, { stride: [1, 2] })).toThrow(/Conv1d: stride must be/);
  });
});

describe("transposed convolutions", () => {
  it("undo the shape of a strided convolution", () => {
    expect(new ConvTranspose1d(4, 2, 3, { stride: 2 }).forward(randn([3, 4, 5])).shape).toEqual([3, 2, 11]);
    const layer = new ConvTranspose2d(4, 2, 3, { stride: 2, padding: 1, outputPadding: [1, 0], groups: 2 });
    expect(layer.weight.shape).toEqual([4, 1, 3, 3]);
    expect(layer.bias?.shape).toEqual([2]);
    expect(layer.forward(randn([4, 5, 6])).shape).toEqual([2, 10, 11]);
  });

  it("add up what overlaps", () => {
    const layer = new ConvTranspose1d(1, 1, 3, { stride: 2, bias: false });
    layer.loadStateDict({ weight: tensor([[[1, 2, 4]]]) });
    expect(layer.forward(ones([1, 1, 2])).toArray()).toEqual([[[1, 2, 5, 2, 4]]]);
  });

  it("choose the size that they are told from those that the stride leaves open", () => {
    const layer = new ConvTranspose2d(1, 1, 3, { stride: 2 });
    expect(layer.forward(ones([1, 1, 4, 4])).shape).toEqual([1, 1, 9, 9]);
    expect(layer.forward(ones([1, 1, 4, 4]), [10, 9]).shape).toEqual([1, 1, 10, 9]);
    expect(layer.forward(ones([1, 1, 4, 4]), [1, 1, 9, 10]).shape).toEqual([1, 1, 9, 10]);
    expect(() => layer.forward(ones([1, 1, 4, 4]), [11, 9])).toThrow(/from \[9, 9\] to \[10, 10\], not \[11, 9\]/);
    expect(() => layer.forward(ones([1, 1, 4, 4]), [9])).toThrow(/not \[9\]/);
  });

  it("know no other padding than numbers of zeros", () => {
    const options = (value: object): never => value as never;
    expect(() => new ConvTranspose2d(1, 1, 3, options({ paddingMode: "reflect" }))).toThrow(
      /paddingMode must be "zero/,
    );
    expect(() => new ConvTranspose2d(1, 1, 3, options({ padding: "same" }))).toThrow(/padding must be a whole number/);
  });

  it("let gradients through", () => {
    const layer = new ConvTranspose1d(1, 1, 2, { bias: false });
    const x = ones([1, 1, 3]).requiresGrad_();
    layer.forward(x).sum().backward();
    expect(layer.weight.grad?.toArray()).toEqual([[[3, 3]]]);
    expect(x.grad?.shape).toEqual([1, 1, 3]);
  });
});
