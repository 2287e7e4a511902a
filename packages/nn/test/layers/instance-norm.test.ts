import { arange, type NestedArray, ones, randn, type Tensor, tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { BatchNorm3d, InstanceNorm1d, InstanceNorm2d, InstanceNorm3d, RMSNorm } from "../../src/index.js";
import { expectNumbers } from "../numbers.js";

const floats = (numbers: NestedArray): Tensor => tensor(numbers, { dtype: "float32" });

describe("instance norms", () => {
  it("bring every channel of every sample to mean 0 and variance 1", () => {
    const x = arange(8, { dtype: "float32" }).reshape([2, 2, 2]);
    expectNumbers(new InstanceNorm1d(2, { eps: 0 }).forward(x), [-1, 1, -1, 1, -1, 1, -1, 1]);
    expectNumbers(new InstanceNorm1d(2, { eps: 0 }).forward(x.select(0, 1)), [-1, 1, -1, 1]);
    expect(new InstanceNorm2d(3).forward(randn([3, 4, 5])).shape).toEqual([3, 4, 5]);
    expect(new InstanceNorm3d(3).forward(randn([2, 3, 2, 4, 5])).shape).toEqual([2, 3, 2, 4, 5]);
  });

  it("have no weight and no statistics unless asked, and count no batches", () => {
    expect(Object.keys(new InstanceNorm1d(2).stateDict())).toEqual([]);
    const norm = new InstanceNorm1d(2, { affine: true, trackRunningStats: true });
    norm.forward(floats([[[1, 3], [5, 9]]])); // biome-ignore format: a matrix
    expectNumbers(norm.stateDict().running_mean!, [0.2, 0.7]);
    expectNumbers(norm.stateDict().running_var!, [1.1, 1.7]);
    expect(norm.stateDict().num_batches_tracked?.item()).toBe(0);
    norm.eval();
    expectNumbers(norm.forward(floats([[[0.2], [0.7]]])), [0, 0]);
  });

  it("refuse other dimensions and single elements", () => {
    expect(() => new InstanceNorm2d(3).forward(ones([3, 3]))).toThrow(
      /InstanceNorm2d: expected an input \[N, C, H, W\] or \[C, H, W\], got \[3, 3\]/,
    );
    expect(() => new InstanceNorm1d(3).forward(ones([2, 3, 1]))).toThrow(/more than 1 value per channel/);
  });
});

it("BatchNorm3d normalises volumes", () => {
  expectNumbers(new BatchNorm3d(1, { eps: 0 }).forward(floats([[[[[1, 3]]]], [[[[1, 3]]]]])), [-1, 1, -1, 1]);
  expect(() => new BatchNorm3d(1).forward(ones([1, 1, 2, 2]))).toThrow(/expected an input \[N, C, D, H, W\]/);
});

it("RMSNorm divides by the root of the mean square", () => {
  expectNumbers(new RMSNorm(2, { eps: 0 }).forward(floats([[1, 7]])), [0.2, 1.4]);
  expectNumbers(new RMSNorm([2], { eps: 25 }).forward(floats([[3, 4]])), [0.4898979, 0.6531973]);
  const scaled = new RMSNorm(2, { eps: 0 });
  scaled.loadStateDict({ weight: floats([1, 10]) });
  expectNumbers(scaled.forward(floats([[1, 7]])), [0.2, 14]);
  expect(new RMSNorm(2, { elementwiseAffine: false }).weight).toBeNull();
});
