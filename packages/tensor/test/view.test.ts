import { expect, test } from "vitest";
import {
  arange,
  asStrided,
  atleast2d,
  atleast3d,
  diagonal,
  expand,
  flatten,
  movedim,
  narrow,
  permute,
  reshape,
  ShapeError,
  select,
  squeeze,
  type Tensor,
  t,
  transpose,
  unflatten,
  unfold,
  unsqueeze,
  view,
  zeros,
} from "../src/index.js";

const numbers = (...shape: number[]): Tensor => arange(shape.reduce((a, b) => a * b, 1)).reshape(shape);

test("a view shares its memory, in both directions", () => {
  const x = numbers(2, 3);
  const y = x.view(3, 2);
  y.select(0, 0).fill_(9);
  expect(x.toArray()).toEqual([
    [9, 9, 2],
    [3, 4, 5],
  ]);
  x.zero_();
  expect(y.sum().item()).toBe(0);
});

test("view takes sizes as a list or one by one and infers one", () => {
  expect(numbers(6).view(2, -1).shape).toEqual([2, 3]);
  expect(numbers(6).view([-1, 2]).shape).toEqual([3, 2]);
  expect(view(numbers(1), []).shape).toEqual([]);
});

test("view refuses what needs a copy and says what to use, reshape copies", () => {
  const columns = numbers(2, 3).t();
  expect(() => view(columns, 6)).toThrow(/use \.reshape\(\.\.\.\) instead/);
  expect(reshape(columns, 6).toArray()).toEqual([0, 3, 1, 4, 2, 5]);
  expect(() => view(numbers(6), 4)).toThrow(ShapeError);
  expect(() => reshape(numbers(6), -1, -1)).toThrow(/only one size can be -1/);
});

test("reshape of a transposed tensor stays a view where the strides allow it", () => {
  const x = numbers(2, 3, 4);
  expect(x.transpose(0, 1).reshape(3, 2, 2, 2).storage).toBe(x.storage);
  expect(x.transpose(0, 1).reshape(6, 4).storage).not.toBe(x.storage);
});

test("squeeze and unsqueeze of a transposed tensor are views", () => {
  const x = numbers(2, 3).t();
  const y = unsqueeze(x, 1);
  expect(y.shape).toEqual([3, 1, 2]);
  expect(y.storage).toBe(x.storage);
  expect(y.toArray()).toEqual([[[0, 3]], [[1, 4]], [[2, 5]]]);
  expect(squeeze(y).toArray()).toEqual(x.toArray());
  expect(squeeze(y, 0).shape).toEqual([3, 1, 2]);
  expect(squeeze(zeros([1, 2, 1]), [0, 2]).shape).toEqual([2]);
  expect(() => unsqueeze(x, 4)).toThrow(/-3 to 2/);
});

test("flatten and unflatten merge and split dimensions", () => {
  expect(flatten(numbers(2, 3, 4), 1).shape).toEqual([2, 12]);
  expect(flatten(numbers(2, 3, 4), 0, -2).shape).toEqual([6, 4]);
  expect(flatten(zeros([])).shape).toEqual([1]);
  expect(unflatten(numbers(2, 6), 1, [-1, 2]).shape).toEqual([2, 3, 2]);
  expect(() => flatten(numbers(2, 3), 1, 0)).toThrow(ShapeError);
  expect(() => unflatten(numbers(6), 0, [4, 2])).toThrow(ShapeError);
});

test("permute, transpose, t and movedim reorder dimensions", () => {
  const x = numbers(2, 3, 4);
  expect(permute(x, 2, 0, 1).shape).toEqual([4, 2, 3]);
  expect(permute(x, [-1, 0, 1]).index(3, 1, 2).item()).toBe(x.index(1, 2, 3).item());
  expect(transpose(x, 0, -1).shape).toEqual([4, 3, 2]);
  expect(movedim(x, [0, 1], [2, 0]).shape).toEqual([3, 4, 2]);
  expect(t(numbers(2, 3)).shape).toEqual([3, 2]);
  expect(() => t(x)).toThrow(/at most 2/);
  expect(() => permute(x, 0, 0, 1)).toThrow(ShapeError);
  expect(() => permute(x, 0, 1)).toThrow(ShapeError);
});

test("expand repeats without copying and refuses to change other sizes", () => {
  const x = numbers(3, 1);
  const y = expand(x, 2, -1, 2);
  expect(y.strides).toEqual([0, 1, 0]);
  expect(y.toArray()).toEqual([
    [
      [0, 0],
      [1, 1],
      [2, 2],
    ],
    [
      [0, 0],
      [1, 1],
      [2, 2],
    ],
  ]);
  expect(() => expand(numbers(2, 3), 2, 4)).toThrow(/only sizes of 1 expand/);
  expect(() => expand(numbers(2, 3), 3)).toThrow(/fewer dimensions/);
});

test("select and narrow name the dimension and its size when out of bounds", () => {
  const x = numbers(3, 4);
  expect(select(x, -1, -1).toArray()).toEqual([3, 7, 11]);
  expect(narrow(x, 0, -2, 2).toArray()).toEqual([
    [4, 5, 6, 7],
    [8, 9, 10, 11],
  ]);
  expect(() => select(x, 1, 4)).toThrow("select: index 4 is out of bounds for dimension 1 with size 4");
  expect(() => narrow(x, 0, 2, 2)).toThrow("narrow: start 2 and length 2 leave dimension 0 of size 3");
});

test("diagonal walks along two dimensions at any offset", () => {
  const x = numbers(3, 4);
  expect(diagonal(x).toArray()).toEqual([0, 5, 10]);
  expect(diagonal(x, 2).toArray()).toEqual([2, 7]);
  expect(diagonal(x, -1).toArray()).toEqual([4, 9]);
  expect(diagonal(x, 9).shape).toEqual([0]);
  expect(diagonal(numbers(2, 3, 2), 0, 0, 2).shape).toEqual([3, 2]);
});

test("unfold shows overlapping windows", () => {
  expect(unfold(arange(5), 0, 3, 2).toArray()).toEqual([
    [0, 1, 2],
    [2, 3, 4],
  ]);
  expect(unfold(numbers(2, 5), 1, 2, 3).shape).toEqual([2, 2, 2]);
  expect(() => unfold(arange(5), 0, 6, 1)).toThrow(ShapeError);
});

test("asStrided stays inside its memory", () => {
  expect(asStrided(arange(4), [3, 2], [1, 1]).toArray()).toEqual([
    [0, 1],
    [1, 2],
    [2, 3],
  ]);
  expect(asStrided(arange(4).narrow(0, 1, 3), [2], [2]).toArray()).toEqual([1, 3]);
  expect(() => asStrided(arange(4), [3, 2], [2, 1])).toThrow(/reach element 5 of a memory of 4/);
  expect(() => asStrided(arange(4), [2], [-1])).toThrow(ShapeError);
});

test("atleast2d and atleast3d add dimensions where NumPy does", () => {
  expect(atleast2d(arange(3)).shape).toEqual([1, 3]);
  expect(atleast3d(arange(3)).shape).toEqual([1, 3, 1]);
  expect(atleast3d(numbers(2, 3)).shape).toEqual([2, 3, 1]);
  expect(atleast3d(zeros([])).shape).toEqual([1, 1, 1]);
});

test("views of nothing keep their shapes", () => {
  const x = zeros([0, 3]);
  expect(x.reshape(3, 0).shape).toEqual([3, 0]);
  expect(x.t().shape).toEqual([3, 0]);
  expect(x.narrow(0, 0, 0).select(1, 2).toArray()).toEqual([]);
});
