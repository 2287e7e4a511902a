import { expect, test } from "vitest";
import { DTypeError, logSoftmax, ShapeError, softmax, softmin, tensor, zeros } from "../src/index.js";

test("softmax sums to 1 along its dimension and survives large numbers", () => {
  const x = tensor(
    [
      [1000, 1001],
      [-1000, -1000],
    ],
    { dtype: "float64" },
  );
  const y = softmax(x, 1);
  expect(y.sum(1).toArray()).toEqual([1, 1]);
  expect((y.toArray() as number[][])[0]?.[1]).toBeCloseTo(Math.E / (1 + Math.E), 12);
  expect(softmax(x.transpose(0, 1), 0).transpose(0, 1).toArray()).toEqual(y.toArray());
});

test("logSoftmax stays finite where the logarithm of softmax would not", () => {
  expect(logSoftmax(tensor([0, 200], { dtype: "float32" }), 0).toArray()).toEqual([-200, 0]);
});

test("softmin prefers small numbers", () => {
  const [first, second] = softmin(tensor([0, 1], { dtype: "float32" }), 0).toArray() as [number, number];
  expect(first).toBeGreaterThan(second);
});

test("integers need a dtype, dimensions must exist", () => {
  expect(() => softmax(tensor([1, 2]), 0)).toThrow(DTypeError);
  expect(softmax(tensor([1, 1]), 0, { dtype: "float64" }).toArray()).toEqual([0.5, 0.5]);
  expect(() => softmax(zeros([2]), 1)).toThrow(ShapeError);
  expect(softmax(zeros([0, 3]), 1).shape).toEqual([0, 3]);
});
