import { expect, test } from "vitest";
import {
  allclose,
  clamp,
  clampMin,
  DTypeError,
  equal,
  glu,
  hardshrink,
  hardsigmoid,
  hardswish,
  hardtanh,
  isclose,
  lerp,
  logit,
  prelu,
  relu6,
  ShapeError,
  selu,
  softshrink,
  softsign,
  tensor,
  threshold,
  UsageError,
  zeros,
} from "../src/index.js";

const x = tensor([-4, -1, 0, 0.5, 7, Number.NaN], { dtype: "float64" });

test("clamp limits by numbers or tensors, keeps NaN, and max wins over min", () => {
  expect(clamp(x, -1, 1).toArray()).toEqual([-1, -1, 0, 0.5, 1, Number.NaN]);
  expect(clamp(tensor([1, 5]), tensor([[2], [6]]), 6).toArray()).toEqual([
    [2, 5],
    [6, 6],
  ]);
  expect(clamp(tensor([1, 5]), 4, 2).toArray()).toEqual([2, 2]);
  expect(clampMin(tensor([1, 5]), 2.5).dtype).toBe("float32");
  expect(() => clamp(x)).toThrow(UsageError);
});

test("clamp_ writes in place", () => {
  const y = tensor([1, 5]);
  y.clamp_(2, 4);
  expect(y.toArray()).toEqual([2, 4]);
});

test("the hard activations bend where they should", () => {
  expect(hardtanh(x).toArray()).toEqual([-1, -1, 0, 0.5, 1, Number.NaN]);
  expect(relu6(x).toArray()).toEqual([0, 0, 0, 0.5, 6, Number.NaN]);
  expect(hardsigmoid(tensor([-3, 0, 3, 9], { dtype: "float64" })).toArray()).toEqual([0, 0.5, 1, 1]);
  expect(hardswish(tensor([-4, -3, 0, 3, 5], { dtype: "float64" })).toArray()).toEqual([0, -0, 0, 3, 5]);
  expect(hardshrink(x).toArray()).toEqual([-4, -1, 0, 0, 7, Number.NaN]);
  expect(softshrink(x).toArray()).toEqual([-3.5, -0.5, 0, 0, 6.5, Number.NaN]);
  expect(threshold(x, 0, 9).toArray()).toEqual([9, 9, 9, 0.5, 7, Number.NaN]);
  expect(softsign(tensor([-1, 3], { dtype: "float64" })).toArray()).toEqual([-0.5, 0.75]);
  expect(selu(tensor([1], { dtype: "float64" })).item()).toBeCloseTo(1.0507009873554805, 14);
});

test("glu halves a dimension, prelu takes one slope or one per channel", () => {
  expect(glu(tensor([[4, 0]], { dtype: "float64" })).toArray()).toEqual([[2]]);
  expect(() => glu(zeros([3, 3]))).toThrow(/must be even, got 3/);
  expect(prelu(tensor([[-2, -2]], { dtype: "float64" }), tensor([0.5, 2], { dtype: "float64" })).toArray()).toEqual([
    [-1, -4],
  ]);
  expect(() => prelu(zeros([2, 3, 4]), zeros([2]))).toThrow(ShapeError);
});

test("logit undoes the sigmoid, lerp meets both ends exactly", () => {
  expect(logit(tensor([0.25], { dtype: "float64" })).item()).toBeCloseTo(Math.log(1 / 3), 14);
  expect(logit(tensor([0], { dtype: "float64" }), 0.25).item()).toBeCloseTo(Math.log(1 / 3), 14);
  const start = tensor([0.1]);
  const end = tensor([0.7]);
  expect(lerp(start, end, 1).toArray()).toEqual(end.toArray());
  expect(lerp(start, end, tensor([0])).toArray()).toEqual(start.toArray());
});

test("closeness is relative to the second tensor, and infinities only equal themselves", () => {
  const infinity = Number.POSITIVE_INFINITY;
  const a = tensor([100.002, infinity, infinity, Number.NaN], { dtype: "float64" });
  const b = tensor([100, infinity, 1, Number.NaN], { dtype: "float64" });
  expect(isclose(a, b, { rtol: 1e-4 }).toArray()).toEqual([true, true, false, false]);
  expect(isclose(a, b, { equalNan: true }).toArray()).toEqual([false, true, false, true]);
  expect(allclose(a, a)).toBe(false);
  expect(equal(tensor([1, 2]), tensor([1, 2]))).toBe(true);
  expect(equal(tensor([1, 2]), tensor([[1, 2]]))).toBe(false);
  expect(() => isclose(a, b.to("float32"))).toThrow(DTypeError);
});
