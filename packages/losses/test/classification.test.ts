import "@kindling/autograd";
import { Module } from "@kindling/nn";
import { arange, collectStorages, manualSeed, randint, randn, type Tensor, tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { CrossEntropyLoss, NLLLoss } from "../src/index.js";
import { expectNumbers, floats } from "./numbers.js";

// The numbers are PyTorch's, for these.
const logits = floats([[1, 2, 3], [-1, 0.5, 2], [0.25, -2, 1], [3, 3, -3]]); // biome-ignore format: a matrix
const labels = tensor([0, 2, 1, 2]);
const probabilities = floats([[0.5, 0.25, 0.25], [0, 1, 0], [0.2, 0.2, 0.6], [1, 0, 0]]); // biome-ignore format: a matrix
const weight = floats([1, 2, 4]);

describe("CrossEntropyLoss", () => {
  it("takes the mean over positions, their sum, or none", () => {
    expectNumbers(new CrossEntropyLoss().forward(logits, labels), 3.190857);
    expectNumbers(new CrossEntropyLoss({ reduction: "sum" }).forward(logits, labels), 12.76343);
    const each = new CrossEntropyLoss({ reduction: "none" }).forward(logits, labels);
    expectNumbers(each, 2.407606, 0.2413113, 3.420126, 6.694386);
  });

  it("weighs the classes, and takes the mean over the weights used", () => {
    expectNumbers(new CrossEntropyLoss({ weight }).forward(logits, labels), 3.362786);
    const each = new CrossEntropyLoss({ weight, reduction: "none" }).forward(logits, labels);
    expectNumbers(each, 2.407606, 0.9652453, 6.840252, 26.77754);
  });

  it("leaves out ignored labels, also from the mean", () => {
    expectNumbers(new CrossEntropyLoss({ ignoreIndex: 2 }).forward(logits, labels), 2.913866);
    expectNumbers(new CrossEntropyLoss().forward(logits, tensor([0, -100, 1, -100])), 2.913866);
    expect(new CrossEntropyLoss({ ignoreIndex: 2 }).forward(logits, tensor([2, 2, 2, 2])).item()).toBeNaN();
  });

  it("smooths labels, with weights and ignored labels too", () => {
    expectNumbers(new CrossEntropyLoss({ labelSmoothing: 0.3 }).forward(logits, labels), 2.797107);
    const all = { labelSmoothing: 0.3, weight, ignoreIndex: 2 };
    expectNumbers(new CrossEntropyLoss(all).forward(logits, labels), 2.709304);
    const each = new CrossEntropyLoss({ ...all, reduction: "none" }).forward(logits, labels);
    expectNumbers(each, 2.370648, 0, 5.757265, 0);
  });

  it("takes a probability for each class", () => {
    expectNumbers(new CrossEntropyLoss().forward(logits, probabilities), 1.315857);
    expectNumbers(new CrossEntropyLoss({ weight }).forward(logits, probabilities), 2.27565);
    const smooth = new CrossEntropyLoss({ weight, labelSmoothing: 0.3, reduction: "sum" });
    expectNumbers(smooth.forward(logits, probabilities), 11.68122);
    const each = new CrossEntropyLoss({ reduction: "none" }).forward(logits, probabilities);
    expectNumbers(each, 1.657606, 1.741311, 1.170126, 0.6943858);
  });

  it("takes an image of labels, and one sample alone", () => {
    const images = arange(12, { dtype: "float32" }).div(4).reshape([1, 3, 2, 2]);
    const target = tensor([[[0, 1], [2, -100]]]); // biome-ignore format: a matrix
    expectNumbers(new CrossEntropyLoss().forward(images, target), 1.407606);
    const each = new CrossEntropyLoss({ reduction: "none" }).forward(images, target);
    expect(each.shape).toEqual([1, 2, 2]);
    expectNumbers(each, 2.407606, 1.407606, 0.4076059, 0);
    expectNumbers(new CrossEntropyLoss().forward(logits.select(0, 0), tensor(2)), 0.4076059);
  });

  it("has the gradient softmax minus target, divided by the number of positions", () => {
    const x = logits.clone().requiresGrad_();
    new CrossEntropyLoss().forward(x, labels).backward();
    const expected = logits.softmax(1).sub(labels.oneHot(3)).div(4);
    expectNumbers((x.grad as Tensor).reshape([-1]), ...expected.toTypedArray());
  });

  it("names a label that is out of range, its position and the range", () => {
    const loss = new CrossEntropyLoss();
    expect(() => loss.forward(logits, tensor([0, 3, 1, 2]))).toThrow(
      "crossEntropy: label 3 (position 1 of the target) is out of range for 3 classes; expected 0 to 2, or ignoreIndex -100",
    );
    expect(() => loss.forward(logits, tensor([0, 1, 1, -1]))).toThrow(/label -1 \(position 3 of the target\)/);
  });

  it("refuses targets, weights and options that do not fit", () => {
    const loss =
      (options: ConstructorParameters<typeof CrossEntropyLoss>[0], target = labels) =>
      () =>
        new CrossEntropyLoss(options).forward(logits, target);
    expect(loss({}, tensor([0, 1]))).toThrow(/expected a target of shape \[4\] for input \[4, 3\], got \[2\]/);
    expect(loss({}, floats([0, 1, 2, 0]))).toThrow(/expected integer class labels, got float32/);
    expect(loss({ weight: floats([1, 2]) })).toThrow(/a weight for each of the 3 classes, got \[2\]/);
    expect(loss({ labelSmoothing: 1.5 })).toThrow(/labelSmoothing must be between 0 and 1, got 1.5/);
    expect(loss({ reduction: "avg" as "sum" })).toThrow(/reduction must be "none", "mean" or "sum", got "avg"/);
  });

  it("names its place where it is part of a model", () => {
    class WithLoss extends Module {
      criterion = new CrossEntropyLoss();
      forward(x: Tensor, y: Tensor): Tensor {
        return this.criterion.forward(x, y);
      }
    }
    expect(() => new WithLoss().forward(logits, tensor([9, 0, 0, 0]))).toThrow(
      /^criterion \(CrossEntropyLoss\): crossEntropy: label 9 \(position 0/,
    );
  });

  it("works in float64, and with uint8 labels", () => {
    const loss = new CrossEntropyLoss({ weight }).to("float64").forward(logits.to("float64"), labels.to("uint8"));
    expect(loss.dtype).toBe("float64");
    expectNumbers(loss, 3.362786);
  });
});

describe("NLLLoss", () => {
  it("is the cross entropy of log probabilities, with the same options", () => {
    const x = logits.logSoftmax(1);
    expectNumbers(new NLLLoss().forward(x, labels), 3.190857);
    expectNumbers(new NLLLoss({ weight }).forward(x, labels), 3.362786);
    expectNumbers(new NLLLoss({ ignoreIndex: 2, reduction: "sum" }).forward(x, labels), 5.827732);
    expectNumbers(new NLLLoss({ reduction: "none" }).forward(x, labels), 2.407606, 0.2413113, 3.420126, 6.694386);
  });

  it("names a label that is out of range", () => {
    expect(() => new NLLLoss().forward(logits, tensor([0, 1, 2, 3]))).toThrow(/nllLoss: label 3 \(position 3 of/);
  });

  it("takes any number of dimensions after the classes", () => {
    manualSeed(0);
    const x = randn([2, 3, 4, 5]).logSoftmax(1);
    const target = tensor(Array.from({ length: 40 }, (_, i) => i % 3)).reshape([2, 4, 5]);
    const each = new NLLLoss({ reduction: "none" }).forward(x, target);
    expect(each.shape).toEqual([2, 4, 5]);
    expect(new NLLLoss().forward(x, target).item()).toBeCloseTo(each.mean().item(), 5);
  });
});

describe("memory of CrossEntropyLoss", () => {
  it("goes back once backward has read it, all but the loss", () => {
    const x = randn([8, 5]).requiresGrad_();
    const target = randint(0, 5, [8]);
    const { result, storages } = collectStorages(() => new CrossEntropyLoss().forward(x, target));
    const { storage } = result;
    result.backward();
    expect(storages.filter((other) => other !== storage && !other.isReleased)).toEqual([]);
    expect(Number.isFinite(result.item())).toBe(true);
  });
});
