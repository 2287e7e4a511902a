import { describe, expect, test } from "vitest";
import {
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  crossEntropy,
  DTypeError,
  huberLoss,
  klDiv,
  l1Loss,
  mseLoss,
  nllLoss,
  ShapeError,
  smoothL1Loss,
  tensor,
  UsageError,
  zeros,
} from "../src/index.js";

const double = { dtype: "float64" } as const;
const logits = tensor(
  [
    [1, 2, 0.5],
    [0, -1, 3],
  ],
  double,
);
const logSumExp = [Math.log(Math.E + Math.E ** 2 + Math.E ** 0.5), Math.log(1 + Math.E ** -1 + Math.E ** 3)] as const;
/** −ln softmax of both rows at their targets 1 and 0. */
const losses = [logSumExp[0] - 2, logSumExp[1] - 0] as const;

describe("crossEntropy", () => {
  test("is the mean, the sum or each of the negative log probabilities", () => {
    const target = tensor([1, 0]);
    expect(crossEntropy(logits, target).item()).toBeCloseTo((losses[0] + losses[1]) / 2, 12);
    expect(crossEntropy(logits, target, { reduction: "sum" }).item()).toBeCloseTo(losses[0] + losses[1], 12);
    const each = crossEntropy(logits, target, { reduction: "none" }).toArray() as number[];
    expect(each[0]).toBeCloseTo(losses[0], 12);
    expect(each[1]).toBeCloseTo(losses[1], 12);
  });

  test("weighs classes and leaves ignored targets out of the mean", () => {
    const weight = tensor([3, 1, 1], double);
    const weighted = (3 * losses[1] + losses[0]) / 4;
    expect(crossEntropy(logits, tensor([1, 0]), { weight }).item()).toBeCloseTo(weighted, 12);
    expect(crossEntropy(logits, tensor([1, -100])).item()).toBeCloseTo(losses[0], 12);
    expect(crossEntropy(logits, tensor([1, 2]), { ignoreIndex: 2 }).item()).toBeCloseTo(losses[0], 12);
    expect(crossEntropy(logits, tensor([-100, -100])).item()).toBeNaN();
  });

  test("label smoothing of a label equals the smoothed probabilities", () => {
    const probabilities = tensor(
      [
        [0.1 / 3, 0.9 + 0.1 / 3, 0.1 / 3],
        [0.9 + 0.1 / 3, 0.1 / 3, 0.1 / 3],
      ],
      double,
    );
    const smoothed = crossEntropy(logits, tensor([1, 0]), { labelSmoothing: 0.1 }).item();
    expect(smoothed).toBeCloseTo(crossEntropy(logits, probabilities).item(), 12);
    const oneHot = tensor(
      [
        [0, 1, 0],
        [1, 0, 0],
      ],
      double,
    );
    expect(crossEntropy(logits, oneHot, { labelSmoothing: 0.1 }).item()).toBeCloseTo(smoothed, 12);
  });

  test("takes one sample, and positions after the classes", () => {
    expect(crossEntropy(logits.select(0, 0), tensor(1)).item()).toBeCloseTo(losses[0], 12);
    const sequence = logits.t().unsqueeze(0);
    expect(crossEntropy(sequence, tensor([[1, 0]]), { reduction: "sum" }).item()).toBeCloseTo(
      losses[0] + losses[1],
      12,
    );
  });

  test("names a label out of range, and a target that does not fit", () => {
    expect(() => crossEntropy(logits, tensor([1, 3]))).toThrow(
      /crossEntropy: label 3 \(position 1 of the target\) is out of range for 3 classes/,
    );
    expect(() => crossEntropy(logits, tensor([-1, 0]))).toThrow(ShapeError);
    expect(() => crossEntropy(logits, tensor([1]))).toThrow(/expected a target of shape \[2\]/);
    expect(() => crossEntropy(logits, tensor([0.5, 1]))).toThrow(DTypeError);
    expect(() => crossEntropy(logits, tensor([1, 0]), { weight: zeros([2]) })).toThrow(/each of the 3 classes/);
    expect(() => crossEntropy(logits, tensor([1, 0]), { labelSmoothing: 1.5 })).toThrow(UsageError);
    expect(() => crossEntropy(logits, tensor([1, 0]), { reduction: "avg" as "mean" })).toThrow(/reduction must be/);
  });
});

test("nllLoss picks from log probabilities", () => {
  const x = tensor(
    [
      [-1, -2],
      [-3, -4],
    ],
    double,
  );
  expect(nllLoss(x, tensor([0, 1])).item()).toBe(2.5);
  expect(nllLoss(x, tensor([0, 1], { dtype: "uint8" }), { reduction: "none" }).toArray()).toEqual([1, 4]);
  expect(nllLoss(x.select(0, 1), tensor(0), { reduction: "none" }).shape).toEqual([]);
});

test("the distances: squared, absolute, and both joined smoothly", () => {
  const x = tensor([0, 0], double);
  const target = tensor([0.5, 3], double);
  expect(mseLoss(x, target).item()).toBe((0.25 + 9) / 2);
  expect(l1Loss(x, target, { reduction: "sum" }).item()).toBe(3.5);
  expect(smoothL1Loss(x, target, { reduction: "none" }).toArray()).toEqual([0.125, 2.5]);
  expect(smoothL1Loss(x, target, { beta: 0 }).item()).toBe(1.75);
  expect(huberLoss(x, target, { delta: 2, reduction: "none" }).toArray()).toEqual([0.125, 4]);
  expect(() => huberLoss(x, target, { delta: 0 })).toThrow(UsageError);
  expect(() => smoothL1Loss(x, target, { beta: -1 })).toThrow(UsageError);
  expect(() => mseLoss(x, zeros([3]))).toThrow(ShapeError);
});

describe("binary cross entropy", () => {
  const target = tensor([1, 0, 0.5], double);

  test("of logits equals that of their sigmoid", () => {
    const x = tensor([0.5, -1, 2], double);
    const weight = tensor([1, 2, 3], double);
    const byLogits = binaryCrossEntropyWithLogits(x, target, { weight }).item();
    expect(byLogits).toBeCloseTo(binaryCrossEntropy(x.sigmoid(), target, { weight }).item(), 12);
  });

  test("stays finite for certain probabilities and large logits", () => {
    expect(binaryCrossEntropy(tensor([0, 1], double), tensor([1, 0], double)).item()).toBe(100);
    expect(binaryCrossEntropyWithLogits(tensor([1000], double), tensor([0], double)).item()).toBe(1000);
  });

  test("posWeight multiplies the positive part", () => {
    const x = tensor([0], double);
    const one = tensor([1], double);
    const loss = binaryCrossEntropyWithLogits(x, one, { posWeight: tensor([3], double) });
    expect(loss.item()).toBeCloseTo(3 * Math.LN2, 12);
  });

  test("refuses numbers that are no probabilities, and other shapes", () => {
    expect(() => binaryCrossEntropy(tensor([1.5], double), tensor([1], double))).toThrow(/from 0 to 1/);
    expect(() => binaryCrossEntropy(zeros([3]), zeros([4]))).toThrow(ShapeError);
    expect(() => binaryCrossEntropyWithLogits(zeros([3]), zeros([4]))).toThrow(
      /expected a target of shape \[3\], got \[4\]/,
    );
  });
});

test("klDiv is 0 for equal distributions, and batchmean divides by the first size", () => {
  const p = tensor(
    [
      [0.25, 0.75],
      [0, 1],
    ],
    double,
  );
  const q = tensor(
    [
      [0.5, 0.5],
      [0.5, 0.5],
    ],
    double,
  );
  const expected = 0.25 * Math.log(0.5) + 0.75 * Math.log(1.5) + Math.log(2);
  expect(klDiv(q.log(), p, { reduction: "batchmean" }).item()).toBeCloseTo(expected / 2, 12);
  expect(klDiv(q.log(), q.log(), { logTarget: true }).item()).toBe(0);
});
