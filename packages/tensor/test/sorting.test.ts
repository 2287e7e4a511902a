import { expect, test } from "vitest";
import { argsort, kthvalue, median, ShapeError, sort, tensor, topk, unique, zeros } from "../src/index.js";

test("sort orders along any dimension and tells where elements were", () => {
  const x = tensor([
    [3, 1, 2],
    [0, 5, 4],
  ]);
  expect(sort(x).values.toArray()).toEqual([
    [1, 2, 3],
    [0, 4, 5],
  ]);
  expect(sort(x).indices.toArray()).toEqual([
    [1, 2, 0],
    [0, 2, 1],
  ]);
  expect(sort(x, 0, { descending: true }).values.toArray()).toEqual([
    [3, 5, 4],
    [0, 1, 2],
  ]);
  expect(sort(x, 0, { descending: true }).indices.toArray()).toEqual([
    [0, 1, 1],
    [1, 0, 0],
  ]);
});

test("equals keep their order both ways, and NaN counts as the largest", () => {
  expect(argsort(tensor([1, 0, 1, 0])).toArray()).toEqual([1, 3, 0, 2]);
  expect(argsort(tensor([1, 0, 1, 0]), 0, { descending: true }).toArray()).toEqual([0, 2, 1, 3]);
  expect(sort(tensor([Number.NaN, 2, 1])).values.toArray()).toEqual([1, 2, Number.NaN]);
});

test("topk gives the largest or smallest in order", () => {
  const x = tensor([5, 1, 4, 2]);
  expect(topk(x, 2).values.toArray()).toEqual([5, 4]);
  expect(topk(x, 2).indices.toArray()).toEqual([0, 2]);
  expect(topk(x, 3, 0, { largest: false }).values.toArray()).toEqual([1, 2, 4]);
  expect(() => topk(x, 5)).toThrow(/topk: k must be a whole number from 0 to the size 4 of dimension 0, got 5/);
});

test("kthvalue counts from 1", () => {
  const { values, indices } = kthvalue(tensor([[9, 7, 8]]), 2, 1, { keepdim: true });
  expect([values.toArray(), indices.toArray()]).toEqual([[[8]], [[2]]]);
  expect(() => kthvalue(tensor([1]), 0)).toThrow(ShapeError);
});

test("the median of an even number is the lower one, and NaN if there is a NaN", () => {
  expect(median(tensor([4, 1, 3, 2])).item()).toBe(2);
  expect(median(tensor([1, Number.NaN, 3])).item()).toBeNaN();
  const { values, indices } = median(
    tensor([
      [1.5, 9, 4],
      [2, Number.NaN, 0],
    ]),
    1,
  );
  expect(values.toArray()).toEqual([4, Number.NaN]);
  expect(indices.toArray()).toEqual([2, 1]);
  expect(median(zeros([0])).toArray()).toBeNaN();
});

test("unique sorts, counts and maps back", () => {
  const x = tensor([
    [2, 1],
    [2, 3],
  ]);
  const { values, inverse, counts } = unique(x, { returnInverse: true, returnCounts: true });
  expect(values.toArray()).toEqual([1, 2, 3]);
  expect(inverse?.toArray()).toEqual([
    [1, 0],
    [1, 2],
  ]);
  expect(counts?.toArray()).toEqual([1, 2, 1]);
  expect(unique(tensor([Number.NaN, Number.NaN])).values.shape).toEqual([2]);
});

test("a scalar sorts to itself and an empty row to nothing", () => {
  expect(sort(tensor(3)).values.item()).toBe(3);
  expect(sort(zeros([2, 0])).indices.shape).toEqual([2, 0]);
});
