import { expect, test } from "vitest";
import {
  arange,
  cat,
  chunk,
  columnStack,
  dstack,
  hstack,
  ones,
  ShapeError,
  split,
  stack,
  tensor,
  tensorSplit,
  UsageError,
  unbind,
  vstack,
  zeros,
} from "../src/index.js";

test("cat joins along any dimension and promotes dtypes", () => {
  const joined = cat(
    [
      tensor([[1], [2]]),
      tensor([
        [0.5, 1.5],
        [2.5, 3.5],
      ]),
    ],
    1,
  );
  expect(joined.dtype).toBe("float32");
  expect(joined.toArray()).toEqual([
    [1, 0.5, 1.5],
    [2, 2.5, 3.5],
  ]);
  expect(cat([zeros([2, 3]), ones([1, 3])], -2).shape).toEqual([3, 3]);
});

test("cat takes strided parts and vectors of no elements", () => {
  const x = arange(4).reshape(2, 2).t();
  expect(cat([x, zeros([0], { dtype: "int32" }), x], 0).toArray()).toEqual([
    [0, 2],
    [1, 3],
    [0, 2],
    [1, 3],
  ]);
  expect(cat([zeros([0])]).shape).toEqual([0]);
});

test("cat names the part that does not fit", () => {
  expect(() => cat([])).toThrow(UsageError);
  expect(() => cat([zeros([2, 3]), zeros([3, 2])])).toThrow(/\[2, 3\] and, at position 1, \[3, 2\]/);
  expect(() => cat([zeros([2, 3]), zeros([2])])).toThrow(ShapeError);
  expect(() => cat([tensor(1)])).toThrow(/use stack/);
});

test("stack adds a dimension", () => {
  const [a, b] = [tensor([1, 2]), tensor([3, 4])];
  expect(stack([a, b]).toArray()).toEqual([
    [1, 2],
    [3, 4],
  ]);
  expect(stack([a, b], -1).toArray()).toEqual([
    [1, 3],
    [2, 4],
  ]);
  expect(() => stack([a, zeros([3])])).toThrow(/at position 1, \[3\]/);
});

test("hstack, vstack, dstack and columnStack treat vectors as NumPy does", () => {
  const [a, b] = [tensor([1, 2]), tensor([3, 4])];
  expect(hstack([a, b]).toArray()).toEqual([1, 2, 3, 4]);
  expect(vstack([a, b]).shape).toEqual([2, 2]);
  expect(dstack([a, b]).toArray()).toEqual([
    [
      [1, 3],
      [2, 4],
    ],
  ]);
  expect(columnStack([a, zeros([2, 2])]).shape).toEqual([2, 3]);
});

test("split gives views of equal or given sizes", () => {
  const x = arange(7);
  expect(split(x, 3).map((part) => part.toArray())).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
  expect(split(x, [2, 5])[1]?.toArray()).toEqual([2, 3, 4, 5, 6]);
  expect(split(x, 3)[0]?.storage).toBe(x.storage);
  expect(() => split(x, [2, 2])).toThrow(/add up to 7/);
  expect(() => split(x, 0)).toThrow(ShapeError);
});

test("chunk and tensorSplit differ in how they share the rest", () => {
  const lengths = (parts: { shape: readonly number[] }[]): (number | undefined)[] => parts.map(({ shape }) => shape[0]);
  expect(lengths(chunk(arange(7), 4))).toEqual([2, 2, 2, 1]);
  expect(lengths(chunk(arange(5), 4))).toEqual([2, 2, 1]);
  expect(lengths(tensorSplit(arange(7), 4))).toEqual([2, 2, 2, 1]);
  expect(lengths(tensorSplit(arange(5), 4))).toEqual([2, 1, 1, 1]);
  expect(lengths(tensorSplit(arange(7), [2, 9, -3]))).toEqual([2, 5, 0, 3]);
  expect(() => chunk(arange(4), 0)).toThrow(UsageError);
});

test("unbind gives the slices along a dimension", () => {
  expect(unbind(arange(4).reshape(2, 2), 1).map((part) => part.toArray())).toEqual([
    [0, 2],
    [1, 3],
  ]);
  expect(() => unbind(tensor(1))).toThrow(ShapeError);
});
