import "@kindling/autograd";
import { ones } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { HuberLoss, KLDivLoss, L1Loss, MSELoss, SmoothL1Loss } from "../src/index.js";
import { expectNumbers, floats } from "./numbers.js";

// The numbers are PyTorch's.
const input = floats([0.5, -1, 3]);
const target = floats([0, 1, 1]);

describe.each([
  { Loss: MSELoss, mean: 2.75, sum: 8.25, none: [0.25, 4, 4] },
  { Loss: L1Loss, mean: 1.5, sum: 4.5, none: [0.5, 2, 2] },
  { Loss: SmoothL1Loss, mean: 1.041667, sum: 3.125, none: [0.125, 1.5, 1.5] },
  { Loss: HuberLoss, mean: 1.041667, sum: 3.125, none: [0.125, 1.5, 1.5] },
])("$Loss.name", ({ Loss, mean, sum, none }) => {
  it("takes the mean, the sum or none", () => {
    expectNumbers(new Loss().forward(input, target), mean);
    expectNumbers(new Loss({ reduction: "sum" }).forward(input, target), sum);
    expectNumbers(new Loss({ reduction: "none" }).forward(input, target), ...none);
  });

  it("broadcasts, and refuses what does not", () => {
    const each = new Loss({ reduction: "none" });
    expect(each.forward(ones([2, 3]), target).shape).toEqual([2, 3]);
    expect(() => each.forward(ones([2]), target)).toThrow(/broadcast/);
  });

  it("lets gradients through to both", () => {
    const [x, y] = [input.clone().requiresGrad_(), target.clone().requiresGrad_()];
    new Loss().forward(x, y).backward();
    expect(
      x.grad
        ?.add(y.grad ?? 0)
        .abs()
        .max()
        .item(),
    ).toBeCloseTo(0, 6);
    expect(x.grad?.abs().min().item()).toBeGreaterThan(0);
  });

  it("refuses an unknown reduction", () => {
    expect(() => new Loss({ reduction: "avg" as "sum" }).forward(input, target)).toThrow(/reduction must be/);
  });
});

describe("SmoothL1Loss", () => {
  it("becomes linear from beta on, everywhere with 0", () => {
    expectNumbers(new SmoothL1Loss({ beta: 0.25, reduction: "none" }).forward(input, target), 0.375, 1.875, 1.875);
    expectNumbers(new SmoothL1Loss({ beta: 0, reduction: "none" }).forward(input, target), 0.5, 2, 2);
    expect(() => new SmoothL1Loss({ beta: -1 }).forward(input, target)).toThrow(/beta must be at least 0/);
  });
});

describe("HuberLoss", () => {
  it("becomes linear from delta on, with slope delta", () => {
    expectNumbers(new HuberLoss({ delta: 0.25, reduction: "none" }).forward(input, target), 0.09375, 0.46875, 0.46875);
    expect(() => new HuberLoss({ delta: 0 }).forward(input, target)).toThrow(/delta must be positive/);
  });
});

describe("KLDivLoss", () => {
  const x = floats([[1, 2, 3], [-1, 0.5, 2], [0.25, -2, 1], [3, 3, -3]]).logSoftmax(1); // biome-ignore format: a matrix
  const y = floats([[0.5, 0.25, 0.25], [0, 1, 0], [0.2, 0.2, 0.6], [1, 0, 0]]); // biome-ignore format: a matrix

  it("takes the mean, the sum, the sum by the batch or none", () => {
    expectNumbers(new KLDivLoss().forward(x, y), 0.2727865);
    expectNumbers(new KLDivLoss({ reduction: "sum" }).forward(x, y), 3.273438);
    expectNumbers(new KLDivLoss({ reduction: "batchmean" }).forward(x, y), 0.8183595);
    const each = new KLDivLoss({ reduction: "none" }).forward(x, y);
    expectNumbers(each.select(0, 1), 0, 1.741311, 0);
  });

  it("takes log probabilities as a target too", () => {
    expectNumbers(new KLDivLoss({ reduction: "sum", logTarget: true }).forward(x, x.add(0.1)), 0.4420684);
  });
});
