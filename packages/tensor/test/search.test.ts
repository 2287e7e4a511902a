import { expect, test } from "vitest";
import { bucketize, ShapeError, searchsorted, tensor, zeros } from "../src/index.js";

test("searchsorted inserts before equals, or behind them", () => {
  const sorted = tensor([1, 3, 3, 5]);
  const values = tensor([0, 3, 4, 6]);
  expect(searchsorted(sorted, values).toArray()).toEqual([0, 1, 3, 4]);
  expect(searchsorted(sorted, values, { right: true }).toArray()).toEqual([0, 3, 3, 4]);
  expect(searchsorted(sorted, 5).item()).toBe(3);
});

test("searchsorted searches each row of its own, and puts NaN last", () => {
  const rows = tensor([
    [1, 2],
    [10, 20],
  ]);
  expect(searchsorted(rows, tensor([[2], [15]])).toArray()).toEqual([[1], [1]]);
  const withNaN = tensor([1, Number.NaN]);
  expect(searchsorted(withNaN, tensor([2, Number.NaN])).toArray()).toEqual([1, 1]);
  expect(searchsorted(withNaN, tensor([2, Number.NaN]), { right: true }).toArray()).toEqual([1, 2]);
  expect(() => searchsorted(rows, zeros([3, 1]))).toThrow(ShapeError);
});

test("bucketize takes the values first", () => {
  expect(bucketize(tensor([0.5, 2, 9]), tensor([1, 2])).toArray()).toEqual([0, 1, 2]);
  expect(() => bucketize(zeros([2]), zeros([1, 2]))).toThrow(ShapeError);
});
