import { describe, expect, test } from "vitest";
import {
  allclose,
  batchNorm,
  groupNorm,
  instanceNorm,
  layerNorm,
  manualSeed,
  normalize,
  ones,
  rand,
  rmsNorm,
  ShapeError,
  type Tensor,
  tensor,
  UsageError,
  zeros,
} from "../src/index.js";

const close = (a: Tensor, b: Tensor): boolean => allclose(a, b, { rtol: 1e-10, atol: 1e-10 });
const random = (shape: number[]): Tensor => rand(shape, { dtype: "float64" });

describe("batchNorm", () => {
  test("makes mean 0 and variance 1 of every channel, then scales", () => {
    manualSeed(1);
    const x = random([4, 3, 5]);
    const y = batchNorm(x, null, null, null, null, { training: true, eps: 0 });
    expect(close(y.mean([0, 2]), zeros([3], { dtype: "float64" }))).toBe(true);
    expect(close(y.var([0, 2], { correction: 0 }), ones([3], { dtype: "float64" }))).toBe(true);
    const weight = tensor([1, 2, 3], { dtype: "float64" });
    const scaled = batchNorm(x, null, null, weight, weight, { training: true, eps: 0 });
    expect(close(scaled, y.mul(weight.unsqueeze(1)).add(weight.unsqueeze(1)))).toBe(true);
  });

  test("moves the running statistics in place, the variance by its unbiased estimate", () => {
    const x = tensor([[1], [3]], { dtype: "float64" });
    const mean = tensor([10], { dtype: "float64" });
    const variance = tensor([4], { dtype: "float64" });
    batchNorm(x, mean, variance, null, null, { training: true, momentum: 0.5 });
    expect([mean.item(), variance.item()]).toEqual([6, 3]);
  });

  test("in evaluation uses the running statistics and leaves them alone", () => {
    const mean = tensor([1], { dtype: "float64" });
    const variance = tensor([4], { dtype: "float64" });
    const y = batchNorm(tensor([[3]], { dtype: "float64" }), mean, variance, null, null, { eps: 0 });
    expect(y.item()).toBe(1);
    expect([mean.item(), variance.item()]).toEqual([1, 4]);
  });

  test("refuses a single value per channel and statistics of another size", () => {
    expect(() => batchNorm(ones([1, 5]), null, null, null, null, { training: true })).toThrow(
      /more than 1 value per channel/,
    );
    expect(() => batchNorm(ones([2, 6]), zeros([5]), ones([5]))).toThrow(/expected a running mean \[6\]/);
    expect(() => batchNorm(ones([2]), null, null)).toThrow(ShapeError);
  });
});

describe("layerNorm, groupNorm and instanceNorm", () => {
  test("layerNorm works on rows, over several dimensions and on strided input", () => {
    manualSeed(2);
    const x = random([3, 2, 4]);
    const y = layerNorm(x, [2, 4], null, null, { eps: 0 });
    expect(close(y.mean([1, 2]), zeros([3], { dtype: "float64" }))).toBe(true);
    const rows = x.transpose(0, 2);
    expect(close(layerNorm(rows, 3), layerNorm(rows.contiguous(), 3))).toBe(true);
    expect(() => layerNorm(x, [3])).toThrow(/last sizes are \[3\], got \[3, 2, 4\]/);
    expect(() => layerNorm(x, [4], ones([2], { dtype: "float64" }))).toThrow(ShapeError);
  });

  test("groupNorm of one group is layerNorm over all channels, of C groups instanceNorm", () => {
    manualSeed(3);
    const x = random([2, 4, 3]);
    const weight = random([4]);
    const bias = random([4]);
    const perChannel = (value: Tensor): Tensor => value.unsqueeze(1);
    const whole = layerNorm(x, [4, 3]).mul(perChannel(weight)).add(perChannel(bias));
    expect(close(groupNorm(x, 1, weight, bias), whole)).toBe(true);
    expect(close(groupNorm(x, 4, weight, bias), instanceNorm(x, null, null, weight, bias))).toBe(true);
    expect(() => groupNorm(x, 3)).toThrow(/do not divide into 3 groups/);
  });

  test("instanceNorm averages the statistics over the batch, or uses the running ones", () => {
    const x = tensor([[[1, 3]], [[2, 8]]], { dtype: "float64" });
    const mean = zeros([1], { dtype: "float64" });
    const variance = zeros([1], { dtype: "float64" });
    instanceNorm(x, mean, variance, null, null, { momentum: 1 });
    expect([mean.item(), variance.item()]).toEqual([3.5, 10]);
    const y = instanceNorm(x, mean, variance, null, null, { useInputStats: false, eps: 0 });
    expect(close(y, x.sub(3.5).div(Math.sqrt(10)))).toBe(true);
    expect(() => instanceNorm(x, null, null, null, null, { useInputStats: false })).toThrow(UsageError);
    expect(() => instanceNorm(ones([2, 3, 1]))).toThrow(ShapeError);
  });
});

test("rmsNorm divides by the root of the mean square", () => {
  const y = rmsNorm(tensor([[3, 4]], { dtype: "float64" }), 2, null, { eps: 0 });
  expect(close(y, tensor([[3, 4]], { dtype: "float64" }).div(Math.sqrt(12.5)))).toBe(true);
});

test("normalize makes vectors of norm 1 and leaves 0 alone", () => {
  expect(
    normalize(
      tensor(
        [
          [3, 4],
          [0, 0],
        ],
        { dtype: "float64" },
      ),
    ).toArray(),
  ).toEqual([
    [3 / 5, 4 / 5],
    [0, 0],
  ]);
  expect(normalize(tensor([[1], [3]], { dtype: "float64" }), { p: 1, dim: 0 }).toArray()).toEqual([[0.25], [0.75]]);
});
