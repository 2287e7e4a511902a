import { expect, test } from "vitest";
import {
  arange,
  DTypeError,
  index,
  indexPut,
  noGrad,
  ShapeError,
  setIndex,
  slice,
  type Tensor,
  tensor,
  UsageError,
  zeros,
} from "../src/index.js";

const numbers = (...shape: number[]): Tensor => arange(shape.reduce((a, b) => a * b, 1)).reshape(shape);
const x = numbers(3, 4);

test("numbers, slices, null and ... give views", () => {
  expect(index(x, -1, slice(1, 3)).toArray()).toEqual([9, 10]);
  expect(index(x, slice(null, null, 2), 0).toArray()).toEqual([0, 8]);
  expect(index(x, "...", null, 0).shape).toEqual([3, 1]);
  expect(index(x, slice(-2), slice(5, 9)).shape).toEqual([2, 0]);
  expect(index(x, 1).storage).toBe(x.storage);
  expect(index(numbers(2, 3, 4), 0, "...", -1).toArray()).toEqual([3, 7, 11]);
});

test("integer tensors and arrays pick, and broadcast together", () => {
  expect(index(x, [2, 0, 2]).toArray()).toEqual([x.index(2).toArray(), x.index(0).toArray(), x.index(2).toArray()]);
  expect(index(x, [0, 2], [1, -1]).toArray()).toEqual([1, 11]);
  expect(index(x, tensor([[0], [2]]), tensor([1, 3])).toArray()).toEqual([
    [1, 3],
    [9, 11],
  ]);
  expect(index(x, slice(), [3, 0]).toArray()).toEqual([
    [3, 0],
    [7, 4],
    [11, 8],
  ]);
});

test("the dimensions of index tensors stay in place if neighbours, else come first", () => {
  const y = numbers(2, 3, 4, 5);
  const two = tensor([[0, 1, 0]]);
  expect(index(y, slice(), two, two).shape).toEqual([2, 1, 3, 5]);
  expect(index(y, two, slice(), two).shape).toEqual([1, 3, 3, 5]);
  expect(index(y, two, slice(), two).index(0, 1, 2, 4).item()).toBe(y.index(1, 2, 1, 4).item());
});

test("a number beside an index tensor is a plain selection, as in PyTorch", () => {
  expect(index(numbers(2, 3, 4), 0, slice(), [1, 2]).shape).toEqual([3, 2]);
  expect(index(x, [0, 1], 2).toArray()).toEqual([2, 6]);
  expect(index(x, tensor(1), slice()).storage).toBe(x.storage);
});

test("masks select, over one dimension or several", () => {
  expect(index(x, x.gt(9)).toArray()).toEqual([10, 11]);
  expect(index(x, [true, false, true], 0).toArray()).toEqual([0, 8]);
  expect(index(x, slice(), tensor([false, true, false, true])).shape).toEqual([3, 2]);
  expect(index(numbers(3, 4, 2), x.eq(5)).toArray()).toEqual([[10, 11]]);
  expect(index(x, x.lt(0)).shape).toEqual([0]);
  expect(index(x, true).shape).toEqual([1, 3, 4]);
  expect(index(x, false).shape).toEqual([0, 3, 4]);
});

test("an empty index picks nothing", () => {
  expect(index(x, []).shape).toEqual([0, 4]);
});

test("what is out of bounds is named with its dimension and size", () => {
  expect(() => index(x, 3)).toThrow("index: index 3 is out of bounds for dimension 0 with size 3");
  expect(() => index(x, slice(), [0, -5])).toThrow("index: index -5 is out of bounds for dimension 1 with size 4");
  expect(() => index(x, 0, 0, 0)).toThrow(/too many indices: 3 for a tensor of 2 dimensions/);
  expect(() => index(x, tensor([true, false]))).toThrow(/mask's shape \[2\]/);
  expect(() => index(x, [0, 1], [0, 1, 2])).toThrow(/cannot be broadcast together, shapes \[2\], \[3\]/);
  expect(() => index(x, slice(null, null, -1))).toThrow(/step of a slice must be greater than 0/);
  expect(() => index(x, "...", "...")).toThrow(UsageError);
  expect(() => index(x, tensor([0.5]))).toThrow(DTypeError);
  expect(() => index(x, tensor([0], { dtype: "uint8" }))).toThrow(/mask or positions/);
});

test("setIndex writes through views and broadcasts", () => {
  const y = zeros([2, 3]);
  expect(setIndex(y, [slice(), 0], 1)).toBe(y);
  y.setIndex([1, slice(1)], tensor([2.5, 3.5]));
  expect(y.toArray()).toEqual([
    [1, 0, 0],
    [1, 2.5, 3.5],
  ]);
  y.setIndex([slice()], [[[7, 8, 9]]]);
  expect(y.toArray()).toEqual([
    [7, 8, 9],
    [7, 8, 9],
  ]);
});

test("setIndex writes where tensors and masks say; of repeated positions the last counts", () => {
  const y = zeros([3, 2]);
  y.setIndex(
    [[0, 2, 0]],
    [
      [1, 1],
      [2, 2],
      [3, 3],
    ],
  );
  expect(y.toArray()).toEqual([
    [3, 3],
    [0, 0],
    [2, 2],
  ]);
  y.setIndex([y.eq(0)], -1);
  y.setIndex([slice(), [1]], 5);
  expect(y.toArray()).toEqual([
    [3, 5],
    [-1, 5],
    [2, 5],
  ]);
});

test("setIndex reaches separated dimensions of a strided tensor", () => {
  const y = zeros([4, 3, 2]).permute(2, 1, 0);
  y.setIndex([[0, 1], slice(), [3, 0]], tensor([[1], [2]]));
  expect(y.index(0, slice(), 3).toArray()).toEqual([1, 1, 1]);
  expect(y.index(1, slice(), 0).toArray()).toEqual([2, 2, 2]);
  expect(y.sum().item()).toBe(9);
});

test("setIndex refuses values that do not fit", () => {
  expect(() => zeros([2, 3]).setIndex([0], tensor([1, 2]))).toThrow(/does not broadcast to the indexed part, \[3\]/);
  expect(() => zeros([2, 3]).setIndex([[0, 1]], zeros([3, 3]))).toThrow(ShapeError);
});

test("setIndex from the tensor itself reads before it writes", () => {
  const y = arange(5);
  y.setIndex([slice(1)], y.narrow(0, 0, 4));
  expect(y.toArray()).toEqual([0, 0, 1, 2, 3]);
  y.setIndex([[0, 4]], y.index(slice(3, null)));
  expect(y.toArray()).toEqual([2, 0, 1, 2, 3]);
});

test("indexPut adds up repeats when it accumulates", () => {
  const y = indexPut(zeros([3]), [tensor([0, 0, 2])], tensor([1.5, 1.5, 2]), { accumulate: true });
  expect(y.toArray()).toEqual([3, 0, 2]);
  expect(indexPut(zeros([2, 2]), [null, tensor([1])], tensor([[4], [5]], { dtype: "float32" })).toArray()).toEqual([
    [0, 4],
    [0, 5],
  ]);
  expect(() => indexPut(zeros([3]), [tensor([0])], tensor([1]))).toThrow(DTypeError);
});

test("a view of a view remembers the first tensor, unless nothing is recorded", () => {
  const base = zeros([2, 2]);
  expect(base.index(0).index(1).base === base).toBe(true);
  expect(noGrad(() => base.index(0)).base).toBeNull();
});
