import { expect, test } from "vitest";
import {
  arange,
  blockDiag,
  broadcastTensors,
  cartesianProd,
  combinations,
  diag,
  diagEmbed,
  flip,
  fliplr,
  flipud,
  meshgrid,
  ones,
  pad,
  repeat,
  repeatInterleave,
  roll,
  rot90,
  ShapeError,
  type Tensor,
  tensor,
  tile,
  tril,
  trilIndices,
  triu,
  triuIndices,
  UsageError,
  zeros,
} from "../src/index.js";

const numbers = (...shape: number[]): Tensor => arange(shape.reduce((a, b) => a * b, 1)).reshape(shape);
const x = numbers(2, 3);

test("flip reverses dimensions, also of strided tensors", () => {
  expect(flip(x, 0, 1).toArray()).toEqual([
    [5, 4, 3],
    [2, 1, 0],
  ]);
  expect(flip(x.t(), [0]).toArray()).toEqual([
    [2, 5],
    [1, 4],
    [0, 3],
  ]);
  expect(fliplr(x).toArray()).toEqual(flip(x, 1).toArray());
  expect(flipud(x).toArray()).toEqual(flip(x, 0).toArray());
  expect(() => flip(x, 2)).toThrow(ShapeError);
  expect(() => fliplr(arange(3))).toThrow(ShapeError);
});

test("roll shifts along dimensions, or over everything", () => {
  expect(roll(x, 1, 1).toArray()).toEqual([
    [2, 0, 1],
    [5, 3, 4],
  ]);
  expect(roll(x, -8).toArray()).toEqual([
    [2, 3, 4],
    [5, 0, 1],
  ]);
  expect(roll(x, [1, -1], [0, 1]).toArray()).toEqual([
    [4, 5, 3],
    [1, 2, 0],
  ]);
  expect(roll(x, 3, 1).storage).not.toBe(x.storage);
  expect(() => roll(x, [1, 2], 0)).toThrow(UsageError);
});

test("rot90 turns from the first dimension towards the second", () => {
  expect(rot90(x).toArray()).toEqual([
    [2, 5],
    [1, 4],
    [0, 3],
  ]);
  expect(rot90(x, 2).toArray()).toEqual(flip(x, 0, 1).toArray());
  expect(rot90(x, -1).toArray()).toEqual(rot90(x, 3).toArray());
  expect(() => rot90(x, 1, [0, 0])).toThrow(ShapeError);
});

test("repeat and tile lay copies side by side", () => {
  expect(repeat(tensor([1, 2]), 2, 2).toArray()).toEqual([
    [1, 2, 1, 2],
    [1, 2, 1, 2],
  ]);
  expect(tile(x, [2]).shape).toEqual([2, 6]);
  expect(repeat(x, 0, 1).shape).toEqual([0, 3]);
  expect(() => repeat(x, 2)).toThrow(ShapeError);
});

test("repeatInterleave repeats elements, each as often as told", () => {
  expect(repeatInterleave(tensor([1, 2]), 2).toArray()).toEqual([1, 1, 2, 2]);
  expect(repeatInterleave(x, tensor([2, 0, 1]), 1).toArray()).toEqual([
    [0, 0, 2],
    [3, 3, 5],
  ]);
  expect(() => repeatInterleave(x, [1, 2], 1)).toThrow(/one for each of the 3 elements/);
});

test("tril and triu keep dtype and split a matrix", () => {
  const square = numbers(2, 3, 3);
  expect(tril(square, -1).add(triu(square)).toArray()).toEqual(square.toArray());
  expect(tril(square).dtype).toBe("int32");
  expect(triu(ones([2, 2], { dtype: "bool" }), 1).toArray()).toEqual([
    [false, true],
    [false, false],
  ]);
  expect(tril(tensor([[1.5, Number.NaN]])).toArray()).toEqual([[1.5, 0]]);
  expect(() => tril(arange(3))).toThrow(ShapeError);
});

test("diag and diagEmbed put vectors on diagonals", () => {
  expect(diag(tensor([1, 2]), -1).toArray()).toEqual([
    [0, 0, 0],
    [1, 0, 0],
    [0, 2, 0],
  ]);
  expect(diag(x, 1).toArray()).toEqual([1, 5]);
  expect(diag(x).storage).not.toBe(x.storage);
  const planes = diagEmbed(x, 0, 0, 2);
  expect(planes.shape).toEqual([3, 2, 3]);
  expect(planes.diagonal(0, 0, 2).toArray()).toEqual(x.toArray());
  expect(planes.sum().item()).toBe(15);
  expect(() => diag(zeros([1, 1, 1]))).toThrow(ShapeError);
});

test("constant padding adds a border and cuts with negative amounts", () => {
  expect(pad(x, [1, 0, 0, 1], { value: 9 }).toArray()).toEqual([
    [9, 0, 1, 2],
    [9, 3, 4, 5],
    [9, 9, 9, 9],
  ]);
  expect(pad(x, [-1, 2]).toArray()).toEqual([
    [1, 2, 0, 0],
    [4, 5, 0, 0],
  ]);
  expect(pad(x, [-1, -1]).toArray()).toEqual([[1], [4]]);
  expect(
    pad(zeros([0, 2]), [0, 0, 1, 1], { value: 1 })
      .sum()
      .item(),
  ).toBe(4);
});

test("padding reflects, replicates and wraps around", () => {
  const row = tensor([1, 2, 3]);
  expect(pad(row, [2, 1], { mode: "reflect" }).toArray()).toEqual([3, 2, 1, 2, 3, 2]);
  expect(pad(row, [2, 1], { mode: "replicate" }).toArray()).toEqual([1, 1, 1, 2, 3, 3]);
  expect(pad(row, [2, 1], { mode: "circular" }).toArray()).toEqual([2, 3, 1, 2, 3, 1]);
  expect(pad(x, [1, 1, 1, 0], { mode: "circular" }).toArray()).toEqual([
    [5, 3, 4, 5, 3],
    [2, 0, 1, 2, 0],
    [5, 3, 4, 5, 3],
  ]);
});

test("padding refuses what it cannot make", () => {
  expect(() => pad(x, [3, 0], { mode: "reflect" })).toThrow(
    /needs more than the 3 elements of dimension 1 \(at most 2\)/,
  );
  expect(() => pad(x, [4, 0], { mode: "circular" })).toThrow(ShapeError);
  expect(() => pad(x, [1])).toThrow(ShapeError);
  expect(() => pad(arange(2), [1, 1, 1, 1])).toThrow(ShapeError);
  expect(() => pad(x, [-2, -2])).toThrow(/cut more off dimension 1/);
});

test("meshgrid runs by rows or, as in plots, by columns", () => {
  const [a, b] = meshgrid([tensor([1, 2]), tensor([3, 4, 5])]) as [Tensor, Tensor];
  expect(a.toArray()).toEqual([
    [1, 1, 1],
    [2, 2, 2],
  ]);
  expect(b.toArray()).toEqual([
    [3, 4, 5],
    [3, 4, 5],
  ]);
  expect(meshgrid([arange(2), arange(3)], { indexing: "xy" })[0]?.shape).toEqual([3, 2]);
  expect(() => meshgrid([x])).toThrow(ShapeError);
});

test("cartesianProd and combinations list tuples in order", () => {
  expect(cartesianProd(tensor([1, 2]), tensor([3, 4])).toArray()).toEqual([
    [1, 3],
    [1, 4],
    [2, 3],
    [2, 4],
  ]);
  expect(combinations(tensor([1, 2, 3])).toArray()).toEqual([
    [1, 2],
    [1, 3],
    [2, 3],
  ]);
  expect(combinations(tensor([1, 2]), 2, { withReplacement: true }).shape).toEqual([3, 2]);
});

test("blockDiag and broadcastTensors take tensors of different shapes", () => {
  expect(blockDiag(tensor([[1], [2]]), tensor([3, 4])).toArray()).toEqual([
    [1, 0, 0],
    [2, 0, 0],
    [0, 3, 4],
  ]);
  expect(broadcastTensors(zeros([3, 1]), zeros([2])).map(({ shape }) => shape)).toEqual([
    [3, 2],
    [3, 2],
  ]);
});

test("trilIndices and triuIndices list the positions of triangles", () => {
  expect(trilIndices(2, 3, 1).toArray()).toEqual([
    [0, 0, 1, 1, 1],
    [0, 1, 0, 1, 2],
  ]);
  expect(triuIndices(2, 2, 1).toArray()).toEqual([[0], [1]]);
});
