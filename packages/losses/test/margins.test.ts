import "@kindling/autograd";
import { tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import {
  CosineEmbeddingLoss,
  HingeEmbeddingLoss,
  MarginRankingLoss,
  MultiLabelMarginLoss,
  MultiLabelSoftMarginLoss,
  MultiMarginLoss,
  SoftMarginLoss,
  TripletMarginLoss,
  TripletMarginWithDistanceLoss,
} from "../src/index.js";
import { expectNumbers, floats } from "./numbers.js";

// The numbers are PyTorch's, for these.
const x = floats([[0.5, -1, 3], [2, 0.25, -0.5]]); // biome-ignore format: a matrix
const y = x.flip(1);
const signs = floats([[1, -1, 1], [-1, 1, -1]]); // biome-ignore format: a matrix
const weight = floats([1, 2, 4]);
const none = { reduction: "none" } as const;

describe("HingeEmbeddingLoss", () => {
  it("is the distance of what is alike, and what a margin lacks of the other", () => {
    expectNumbers(new HingeEmbeddingLoss().forward(x, signs), 1.208333);
    expectNumbers(new HingeEmbeddingLoss(none).forward(x, signs), 0.5, 2, 3, 0, 0.25, 1.5);
    expectNumbers(new HingeEmbeddingLoss({ margin: 0.5, ...none }).forward(x, signs), 0.5, 1.5, 3, 0, 0.25, 1);
  });
});

describe("SoftMarginLoss", () => {
  it("takes the mean, or each", () => {
    expectNumbers(new SoftMarginLoss().forward(x, signs), 0.6688117);
    const each = new SoftMarginLoss(none).forward(x, signs);
    expectNumbers(each, 0.474077, 0.3132617, 0.04858733, 2.126928, 0.5759394, 0.474077);
  });

  it("is finite however wrong, and has a gradient there", () => {
    const far = floats([1000, -1000]).requiresGrad_();
    const loss = new SoftMarginLoss({ reduction: "sum" }).forward(far, floats([-1, 1]));
    expect(loss.item()).toBe(2000);
    loss.backward();
    expect(far.grad?.toArray()).toEqual([1, -1]);
  });
});

describe("MarginRankingLoss", () => {
  it("asks for an order, by a margin", () => {
    expectNumbers(new MarginRankingLoss(none).forward(x, y, signs), 2.5, 0, 0, 2.5, 0, 0);
    expectNumbers(new MarginRankingLoss({ margin: 0.5 }).forward(x, y, signs), 1.166667);
  });

  it("refuses numbers of dimensions that differ, and sizes that do not broadcast", () => {
    const loss = new MarginRankingLoss();
    expect(() => loss.forward(x, y, floats([1, 1, 1]))).toThrow(/of as many dimensions, got \[2, 3\], \[2, 3\], \[3\]/);
    expect(() => loss.forward(x, y, floats([[1, 1]]))).toThrow(/broadcast/);
  });
});

describe("MultiMarginLoss", () => {
  const labels = tensor([2, 0]);

  it("sums by how much the others come too near, to the power p, by the weight of the label", () => {
    expectNumbers(new MultiMarginLoss(none).forward(x, labels), 0, 0);
    const options = { p: 2, margin: 2, weight };
    expectNumbers(new MultiMarginLoss({ ...options, ...none }).forward(x, labels), 0, 0.02083333);
    expectNumbers(new MultiMarginLoss(options).forward(x, labels), 0.01041667);
  });

  it("takes one sample alone", () => {
    const each = new MultiMarginLoss(none).forward(x.select(0, 0), tensor(1));
    expect([each.shape, each.item()]).toEqual([[], 2.5]);
  });

  it("refuses labels out of range, targets and weights that do not fit, and another p", () => {
    const loss =
      (target = labels, options = {}) =>
      () =>
        new MultiMarginLoss(options).forward(x, target);
    expect(loss(tensor([0, 3]))).toThrow(/multiMarginLoss: index 3 is out of bounds for 3 classes/);
    expect(loss(tensor([0]))).toThrow(/expected a target \[2\] for input \[2, 3\], got \[1\]/);
    expect(loss(floats([0, 1]))).toThrow(/integers, got float32/);
    expect(loss(labels, { weight: floats([1]) })).toThrow(/a weight for each of the 3 classes, got \[1\]/);
    expect(loss(labels, { p: 3 })).toThrow(/p must be 1 or 2, got 3/);
    expect(() => new MultiMarginLoss().forward(x.unsqueeze(0), labels)).toThrow(/expected an input \[N, C\] or \[C\]/);
  });
});

describe("MultiLabelMarginLoss", () => {
  it("compares every label with every other class, up to the first −1", () => {
    const target = tensor([[2, 1, -1], [0, -1, 2]]); // biome-ignore format: a matrix
    expectNumbers(new MultiLabelMarginLoss(none).forward(x, target), 0.8333333, 0);
    expectNumbers(new MultiLabelMarginLoss().forward(x, target), 0.4166667);
  });

  it("counts a label twice that comes twice, and nothing where there is none", () => {
    const target = tensor([[-1, 0, 0], [1, 1, -1]]); // biome-ignore format: a matrix
    expectNumbers(new MultiLabelMarginLoss(none).forward(x, target), 0, 2);
    const nothing = tensor([[-1, -1, -1], [-1, -1, -1]]); // biome-ignore format: a matrix
    expectNumbers(new MultiLabelMarginLoss(none).forward(x, nothing), 0, 0);
  });

  it("takes one sample alone, and no samples", () => {
    const loss = new MultiLabelMarginLoss(none);
    expect(loss.forward(x.select(0, 0), tensor([2, 1, -1])).shape).toEqual([]);
    expect(loss.forward(x.narrow(0, 0, 0), tensor([[0, 1, 2]]).narrow(0, 0, 0)).shape).toEqual([0]);
  });

  it("names a label that is out of range", () => {
    const loss = new MultiLabelMarginLoss();
    expect(() => loss.forward(x.select(0, 0), tensor([3, -1, -1]))).toThrow(
      /label 3 is out of range for 3 classes; expected 0 to 2, or −1 after/,
    );
    expect(() => loss.forward(x.select(0, 0), tensor([0, -2, -1]))).toThrow(/label -2 is out of range/);
    expect(() => loss.forward(x, tensor([0, 1, -1]))).toThrow(/a target of shape \[2, 3\], got \[3\]/);
    expect(() => loss.forward(x, x)).toThrow(/integer class labels, got float32/);
  });
});

describe("MultiLabelSoftMarginLoss", () => {
  const target = signs.add(1).div(2);

  it("is the binary cross entropy averaged over classes, which may have weights", () => {
    expectNumbers(new MultiLabelSoftMarginLoss(none).forward(x, target), 0.278642, 1.058982);
    expectNumbers(new MultiLabelSoftMarginLoss({ weight, ...none }).forward(x, target), 0.4316499, 1.725038);
    expectNumbers(new MultiLabelSoftMarginLoss({ weight }).forward(x, target), 1.078344);
  });
});

describe("CosineEmbeddingLoss", () => {
  const target = floats([1, -1]);

  it("asks for one direction, or for another", () => {
    expectNumbers(new CosineEmbeddingLoss(none).forward(x, y, target), 0.6097561, 0);
    const each = new CosineEmbeddingLoss({ margin: -0.5, ...none }).forward(x, y.roll(1, 1), target);
    expectNumbers(each, 1.560976, 1.369565);
    const one = new CosineEmbeddingLoss().forward(x.select(0, 0), y.select(0, 0), tensor(1));
    expectNumbers(one, 0.6097561);
  });

  it("has a gradient of vectors that are 0", () => {
    const zeros = x.mul(0).requiresGrad_();
    new CosineEmbeddingLoss().forward(zeros, y, target).backward();
    expect(zeros.grad?.isfinite().all().item()).toBe(1);
  });

  it("refuses targets that do not fit", () => {
    const loss = new CosineEmbeddingLoss();
    expect(() => loss.forward(x, y, tensor(1))).toThrow(/or \[D\] and \[\], got \[2, 3\], \[2, 3\], \[\]/);
    expect(() => loss.forward(x, y, floats([1, 1, 1]))).toThrow(/broadcast/);
  });
});

describe("TripletMarginLoss", () => {
  const negative = x.neg();

  it("asks the negative to be farther than the positive by a margin", () => {
    expectNumbers(new TripletMarginLoss(none).forward(x, y, negative), 0, 0.3822212);
    expectNumbers(new TripletMarginLoss().forward(x, y, negative), 0.1911106);
    expectNumbers(new TripletMarginLoss({ margin: 3, p: 1, swap: true }).forward(x, y, negative), 2.249999);
    const [a, p, n] = [x, y, negative].map((each) => each.select(0, 0)) as [typeof x, typeof x, typeof x];
    expectNumbers(new TripletMarginLoss({ margin: 5 }).forward(a, p, n), 2.132409);
  });

  it("takes a distance of the user's", () => {
    const distanceFunction = (a: typeof x, b: typeof x) => a.sub(b).abs().sum(-1);
    const options = { margin: 3, swap: true };
    const own = new TripletMarginWithDistanceLoss({ distanceFunction, ...options }).forward(x, y, negative);
    expectNumbers(own, 2.25);
    const usual = new TripletMarginWithDistanceLoss().forward(x, y, negative);
    expectNumbers(usual, 0.1911106);
  });

  it("refuses a margin that is none, and numbers of dimensions that differ", () => {
    expect(() => new TripletMarginLoss({ margin: 0 }).forward(x, y, negative)).toThrow(/margin must be above 0, got 0/);
    expect(() => new TripletMarginLoss().forward(x, y, x.select(0, 0))).toThrow(/of as many dimensions, got \[2, 3\]/);
  });
});
