import "@kindling/autograd";
import { manualSeed, randn, type Tensor } from "@kindling/tensor";
import { beforeEach, describe, expect, it } from "vitest";
import { BatchNorm1d, BatchNorm2d, GroupNorm, init, LayerNorm } from "../../src/index.js";
import { expectNumbers } from "../numbers.js";

// The numbers are PyTorch's, for this input.
let x: Tensor;
beforeEach(() => {
  manualSeed(0);
  x = randn([4, 2, 3]);
});

describe("BatchNorm", () => {
  it("normalises by the batch in training, and moves the running statistics", () => {
    const layer = new BatchNorm1d(2);
    const y = layer.forward(x);
    expectNumbers(y.select(0, 0).reshape([-1]), [-1.024111, -1.049994, -0.1699084, -0.5276891, 0.7463628, 0.5907047]);
    expectNumbers(layer.runningMean as Tensor, [-0.007648141, 0.009734628]);
    expectNumbers(layer.runningVar as Tensor, [1.014535, 1.010557]);
    layer.forward(x.mul(2));
    expectNumbers(layer.runningMean as Tensor, [-0.02217961, 0.02823042]);
    expectNumbers(layer.runningVar as Tensor, [1.371221, 1.351728]);
    expect(layer.numBatchesTracked?.item()).toBe(2);
  });

  it("normalises by the running statistics in evaluation, and leaves them alone", () => {
    const layer = new BatchNorm1d(2);
    layer.forward(x);
    layer.forward(x.mul(2));
    layer.eval();
    expectNumbers(layer.forward(x).reshape([-1]).narrow(0, 0, 4), [-0.9424973, -0.9651449, -0.1950468, -0.3974646]);
    expect(layer.numBatchesTracked?.item()).toBe(2);
  });

  it("averages all batches with momentum null", () => {
    const layer = new BatchNorm1d(2, { momentum: null });
    layer.forward(x);
    layer.forward(x.add(3));
    expectNumbers(layer.runningMean as Tensor, [1.423519, 1.597346]);
    expectNumbers(layer.runningVar as Tensor, [1.145349, 1.105567]);
  });

  it("uses the batch in evaluation too if it keeps no running statistics", () => {
    const layer = new BatchNorm1d(2, { trackRunningStats: false });
    const training = layer.forward(x).toArray();
    expect(layer.eval().forward(x).toArray()).toEqual(training);
    expect(Object.keys(layer.stateDict())).toEqual(["weight", "bias"]);
  });

  it("has PyTorch's state, and none to learn if it is not affine", () => {
    const buffers = ["running_mean", "running_var", "num_batches_tracked"];
    expect(Object.keys(new BatchNorm2d(2).stateDict())).toEqual(["weight", "bias", ...buffers]);
    expect(Object.keys(new BatchNorm2d(2, { affine: false }).stateDict())).toEqual(buffers);
  });

  it("goes back to the beginning", () => {
    const layer = new BatchNorm1d(2);
    layer.forward(x);
    init.constant_(layer.weight as Tensor, 5);
    layer.resetParameters();
    const values = Object.values(layer.stateDict()).map((tensor) => tensor.toArray());
    expect(values).toEqual([[1, 1], [0, 0], [0, 0], [1, 1], 0]); // biome-ignore format: a list of pairs
  });

  it("needs more than one value per channel to train on, but not to evaluate", () => {
    const layer = new BatchNorm1d(2);
    const one = randn([1, 2]);
    expect(() => layer.forward(one)).toThrow(/expected more than 1 value per channel when training/);
    expect(layer.eval().forward(one).shape).toEqual([1, 2]);
  });

  it("takes a batch of vectors, of sequences or of images", () => {
    expect(new BatchNorm1d(3).forward(randn([4, 3])).shape).toEqual([4, 3]);
    expect(new BatchNorm2d(3).forward(randn([4, 3, 2, 2])).shape).toEqual([4, 3, 2, 2]);
    expect(() => new BatchNorm1d(3).forward(randn([3]))).toThrow(/BatchNorm1d: expected an input/);
    expect(() => new BatchNorm2d(3).forward(randn([3, 2, 2]))).toThrow(/BatchNorm2d: expected an input/);
  });
});

describe("LayerNorm", () => {
  it("normalises over the last dimensions", () => {
    expectNumbers(
      new LayerNorm(3).forward(x).reshape([-1]).narrow(0, 0, 6),
      [-0.6752034, -0.7384971, 1.413701, -1.405297, 0.8397963, 0.5655005],
    );
    const two = new LayerNorm([2, 3]).forward(x);
    expect(two.mean([1, 2]).abs().max().item()).toBeLessThan(1e-6);
  });

  it("has a weight and a bias, one of them or none", () => {
    expect(new LayerNorm([2, 3]).weight?.shape).toEqual([2, 3]);
    expect(Object.keys(new LayerNorm(3).stateDict())).toEqual(["weight", "bias"]);
    expect(Object.keys(new LayerNorm(3, { bias: false }).stateDict())).toEqual(["weight"]);
    expect(Object.keys(new LayerNorm(3, { elementwiseAffine: false }).stateDict())).toEqual([]);
  });

  it("goes back to the beginning", () => {
    const layer = new LayerNorm(2);
    for (const parameter of layer.parameters()) init.constant_(parameter, 5);
    layer.resetParameters();
    expect([layer.weight?.toArray(), layer.bias?.toArray()]).toEqual([[1, 1], [0, 0]]); // biome-ignore format: pairs
  });
});

describe("GroupNorm", () => {
  it("normalises groups of channels of every sample", () => {
    expectNumbers(
      new GroupNorm(1, 2).forward(x).reshape([-1]).narrow(0, 0, 6),
      [-1.130551, -1.164283, -0.01728407, -0.2504283, 1.38093, 1.181618],
    );
  });

  it("scales and shifts every channel, unless it is not affine", () => {
    const layer = new GroupNorm(1, 2);
    layer.loadStateDict({ weight: layer.stateDict().weight?.mul(3) as Tensor, bias: layer.stateDict().bias as Tensor });
    const plain = new GroupNorm(1, 2, { affine: false });
    expect(Object.keys(plain.stateDict())).toEqual([]);
    expectNumbers(layer.forward(x), [...plain.forward(x).mul(3).toTypedArray()]);
    layer.resetParameters();
    expectNumbers(layer.forward(x), [...plain.forward(x).toTypedArray()]);
  });

  it("needs groups that divide the channels", () => {
    expect(() => new GroupNorm(2, 3)).toThrow(/numGroups must divide the 3 channels, got 2/);
    expect(() => new GroupNorm(0, 3)).toThrow(/numGroups must divide/);
  });
});
