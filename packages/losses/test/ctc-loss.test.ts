import "@kindling/autograd";
import { arange, manualSeed, randn, type Tensor, tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { CTCLoss } from "../src/index.js";
import { expectNumbers } from "./numbers.js";

// The numbers are PyTorch's, for these.
const logits = arange(24, { dtype: "float32" }).reshape([4, 2, 3]).remainder(5).sub(2).div(2);
const logProbs = logits.logSoftmax(2);
const targets = tensor([[1, 2], [1, 1]]); // biome-ignore format: a matrix
const none = { reduction: "none" } as const;

describe("CTCLoss", () => {
  it("takes each, the sum, or the mean of each by its number of labels", () => {
    expectNumbers(new CTCLoss(none).forward(logProbs, targets, [4, 3], [2, 1]), 2.34156, 1.595389);
    expectNumbers(new CTCLoss().forward(logProbs, targets, [4, 3], [2, 1]), 1.383084);
    expectNumbers(new CTCLoss({ reduction: "sum" }).forward(logProbs, targets, [4, 3], [2, 1]), 3.936949);
  });

  it("takes lengths as tensors, and labels padded with anything or one after another", () => {
    const loss = new CTCLoss(none);
    const [inputs, counts] = [tensor([4, 3]), tensor([2, 1])];
    expectNumbers(loss.forward(logProbs, targets, inputs, counts), 2.34156, 1.595389);
    const padded = tensor([[1, 2, -1], [1, 99, 7]]); // biome-ignore format: a matrix
    expectNumbers(loss.forward(logProbs, padded, inputs, counts), 2.34156, 1.595389);
    expectNumbers(loss.forward(logProbs, tensor([1, 2, 1]), inputs, counts), 2.34156, 1.595389);
  });

  it("takes another class as the blank", () => {
    const each = new CTCLoss({ blank: 2, ...none }).forward(logProbs, tensor([0, 1, 0]), [4, 3], [2, 1]);
    expectNumbers(each, 1.803772, 1.392105);
  });

  it("takes one sample alone, with its lengths as numbers or in tensors", () => {
    const one = logProbs.select(1, 0);
    for (const [inputs, count] of [
      [4, 2],
      [tensor(4), tensor(2)],
      [[4], [2]],
    ] as const) {
      // biome-ignore format: pairs
      const each = new CTCLoss(none).forward(one, tensor([1, 2]), inputs, count);
      expect(each.shape).toEqual([]);
      expectNumbers(each, 2.34156);
    }
  });

  it("is infinite where the steps do not suffice, or 0 if told so, also in its gradient", () => {
    const infinite = new CTCLoss(none).forward(logProbs, targets, [1, 2], [2, 2]);
    expect(infinite.toArray()).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
    const x = logits.clone().requiresGrad_();
    const loss = new CTCLoss({ zeroInfinity: true }).forward(x.logSoftmax(2), targets, [4, 2], [2, 2]);
    expectNumbers(loss, 0.5853899);
    loss.backward();
    expect(x.grad?.select(1, 1).abs().max().item()).toBe(0);
    expect(x.grad?.select(1, 0).abs().min().item()).toBeGreaterThan(0);
  });

  it("is the sum of the blanks where there are no labels", () => {
    const loss = new CTCLoss({ reduction: "sum" }).forward(logProbs, targets, [4, 4], [0, 0]);
    expectNumbers(loss, logProbs.select(2, 0).sum().neg().item());
  });

  it("has no gradient after the end of a sample", () => {
    const x = logits.clone().requiresGrad_();
    new CTCLoss().forward(x.logSoftmax(2), targets, [2, 4], [1, 1]).backward();
    expect(x.grad?.select(1, 0).narrow(0, 2, 2).abs().max().item()).toBe(0);
    expect(x.grad?.select(1, 0).narrow(0, 0, 2).abs().min().item()).toBeGreaterThan(0);
  });

  it("reads strided log probabilities", () => {
    manualSeed(0);
    const x = randn([2, 5, 3]).logSoftmax(2);
    const loss = (value: Tensor) => new CTCLoss().forward(value, targets, [5, 5], [2, 2]).item();
    expect(loss(x.transpose(0, 1))).toBe(loss(x.transpose(0, 1).contiguous()));
  });

  it("says that it cannot be differentiated twice", () => {
    const x = logits.clone().requiresGrad_();
    const loss = new CTCLoss().forward(x.logSoftmax(2), targets, [4, 4], [2, 2]);
    expect(() => loss.backward(undefined, { createGraph: true })).toThrow(/ctcLoss: its derivative cannot be/);
  });

  it("refuses what does not fit", () => {
    const loss =
      (labels = targets, inputs: number[] | Tensor = [4, 4], counts = [2, 2], options = {}) =>
      () =>
        new CTCLoss(options).forward(logProbs, labels, inputs, counts);
    expect(loss(tensor([[1, 3], [1, 1]]))).toThrow(/label 3 \(number 1 of sample 0\) is out of range for 3 classes/); // biome-ignore format: a matrix
    expect(loss(tensor([1, 2, 1]))).toThrow(/targetLengths add up to 4, but there are 3 targets/);
    expect(loss(tensor([[1, 2]]))).toThrow(/expected targets \[2, S\], or \[S\] one after another, got \[1, 2\]/);
    expect(loss(targets, [5, 4])).toThrow(/inputLengths from 0 to 4, got 5/);
    expect(loss(targets, [4])).toThrow(/inputLengths of 2 samples, got 1/);
    expect(loss(targets, [4, 4], [3, 1])).toThrow(/targetLengths from 0 to 2, got 3/);
    expect(loss(targets, tensor([4.5, 4]))).toThrow(/inputLengths of integers, got float32/);
    expect(loss(targets.to("float32"))).toThrow(/targets of integers, got float32/);
    expect(loss(targets, [4, 4], [2, 2], { blank: 3 })).toThrow(/blank must be one of the 3 classes, got 3/);
    expect(loss(targets, [4, 4], [2, 2], { reduction: "avg" })).toThrow(/reduction must be/);
    expect(() => new CTCLoss().forward(logProbs.unsqueeze(0), targets, [4], [1])).toThrow(/\[T, N, C\] or \[T, C\]/);
  });
});
