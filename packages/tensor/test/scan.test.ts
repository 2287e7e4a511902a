import { expect, test } from "vitest";
import {
  cummax,
  cummin,
  cumprod,
  cumsum,
  diff,
  logcumsumexp,
  ShapeError,
  tensor,
  UsageError,
  zeros,
} from "../src/index.js";

const x = tensor(
  [
    [1, 2, 3],
    [4, 5, 6],
  ],
  { dtype: "float32" },
);

test("cumsum runs along either dimension, also of a transposed tensor", () => {
  expect(cumsum(x, 1).toArray()).toEqual([
    [1, 3, 6],
    [4, 9, 15],
  ]);
  expect(cumsum(x, 0).toArray()).toEqual([
    [1, 2, 3],
    [5, 7, 9],
  ]);
  expect(cumsum(x.transpose(0, 1), 0).toArray()).toEqual([
    [1, 4],
    [3, 9],
    [6, 15],
  ]);
});

test("running sums and products of integers and bools are int32", () => {
  expect(cumsum(tensor([true, true]), 0).toArray()).toEqual([1, 2]);
  expect(cumprod(tensor([2, 3, 4]), 0).dtype).toBe("int32");
  expect(cumprod(tensor([2, 3, 4]), 0).toArray()).toEqual([2, 6, 24]);
});

test("running extremes tell where they are, the last of equals, and keep a NaN", () => {
  const { values, indices } = cummax(tensor([1, 3, 2, 3, Number.NaN, 9]), 0);
  expect(values.toArray()).toEqual([1, 3, 3, 3, Number.NaN, Number.NaN]);
  expect(indices.toArray()).toEqual([0, 1, 1, 3, 4, 4]);
  expect(cummin(x, 1).values.toArray()).toEqual([
    [1, 1, 1],
    [4, 4, 4],
  ]);
});

test("logcumsumexp does not overflow", () => {
  const result = logcumsumexp(tensor([1000, 1000], { dtype: "float64" }), 0).toArray() as number[];
  expect(result[1]).toBeCloseTo(1000 + Math.LN2, 12);
});

test("diff takes differences as often as asked, with values put around", () => {
  const squares = tensor([1, 4, 9, 16]);
  expect(diff(squares).toArray()).toEqual([3, 5, 7]);
  expect(diff(squares, { n: 2 }).toArray()).toEqual([2, 2]);
  expect(diff(squares, { prepend: tensor([0]), append: tensor([16]) }).toArray()).toEqual([1, 3, 5, 7, 0]);
  expect(diff(squares, { n: 9 }).shape).toEqual([0]);
});

test("empty tensors stay empty, and bad arguments are named", () => {
  expect(cumsum(zeros([0, 2]), 0).shape).toEqual([0, 2]);
  expect(() => cumsum(x, 2)).toThrow(ShapeError);
  expect(() => diff(x, { n: -1 })).toThrow(UsageError);
});
