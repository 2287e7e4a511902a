import { expect, test } from "vitest";
import {
  arange,
  DTypeError,
  embedding,
  gather,
  imagesToFloat,
  indexAdd,
  indexCopy,
  indexFill,
  indexSelect,
  maskedFill,
  maskedScatter,
  maskedSelect,
  nonzero,
  oneHot,
  ones,
  ShapeError,
  scatter,
  scatterAdd,
  scatterReduce,
  take,
  takeAlongDim,
  tensor,
  UsageError,
  zeros,
} from "../src/index.js";

const x = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);

test("gather picks along a dimension, also from strided tensors", () => {
  expect(gather(x, 1, tensor([[2], [0]])).toArray()).toEqual([[3], [4]]);
  expect(gather(x.t(), 0, tensor([[2, 0]])).toArray()).toEqual([[3, 4]]);
  expect(gather(x, -1, zeros([2, 0], { dtype: "int32" })).shape).toEqual([2, 0]);
  expect(gather(tensor(7), 0, tensor(0)).item()).toBe(7);
});

test("gather checks the index's dtype, shape and range", () => {
  expect(() => gather(x, 1, tensor([[3]]))).toThrow("gather: index 3 is out of bounds for dimension 1 with size 3");
  expect(() => gather(x, 1, tensor([[-1]]))).toThrow("gather: index -1 is out of bounds");
  expect(() => gather(x, 0, tensor([0]))).toThrow(/as many dimensions/);
  expect(() => gather(x, 0, zeros([1, 4], { dtype: "int32" }))).toThrow(
    /larger than the tensor \[2, 3\] at dimension 1/,
  );
  expect(() => gather(x, 0, zeros([2, 3]))).toThrow(DTypeError);
});

test("scatter writes a tensor or a number; of repeated positions the last counts", () => {
  expect(scatter(zeros([3]), 0, tensor([2, 0, 2]), tensor([1.5, 2.5, 3.5])).toArray()).toEqual([2.5, 0, 3.5]);
  expect(scatter(x, 1, tensor([[0], [2]]), -1).toArray()).toEqual([
    [-1, 2, 3],
    [4, 5, -1],
  ]);
  expect(scatter(x, 0, tensor([[1]]), tensor([[9, 8, 7]])).toArray()).toEqual([
    [1, 2, 3],
    [9, 5, 6],
  ]);
  expect(() => scatter(x, 0, tensor([[2]]), 1)).toThrow(ShapeError);
  expect(() => scatter(x, 0, tensor([[0]]), tensor([[0.5]]))).toThrow(/dtype int32, got float32/);
});

test("scatterAdd and scatterReduce combine what meets at one position", () => {
  const index = tensor([0, 1, 0, 1]);
  const source = tensor([1, 5, 3, 2], { dtype: "float32" });
  expect(scatterAdd(ones([3]), 0, index, source).toArray()).toEqual([5, 8, 1]);
  expect(scatterReduce(zeros([3]), 0, index, source, "amax").toArray()).toEqual([3, 5, 0]);
  expect(scatterReduce(zeros([3]), 0, index, source, "amin", { includeSelf: false }).toArray()).toEqual([1, 2, 0]);
  expect(scatterReduce(ones([3]), 0, index, source, "prod").toArray()).toEqual([3, 10, 1]);
  expect(scatterReduce(ones([3]), 0, index, source, "sum", { includeSelf: false }).toArray()).toEqual([4, 7, 1]);
});

test("in-place forms write into views", () => {
  const y = zeros([2, 3]);
  y.select(1, 1).scatter_(0, tensor([1]), 5);
  y.t().scatterAdd_(0, tensor([[0, 0]]), ones([1, 2]));
  y.select(0, 0).indexAdd_(0, tensor([2, 2]), ones([2]), { alpha: 2 });
  y.narrow(1, 1, 1).maskedFill_(tensor([[true], [false]]), -1);
  expect(y.toArray()).toEqual([
    [1, -1, 4],
    [1, 5, 0],
  ]);
});

test("fill_ and copy_ overwrite, copy_ also from overlapping memory", () => {
  const y = arange(5);
  y.narrow(0, 1, 4).copy_(y.narrow(0, 0, 4));
  expect(y.toArray()).toEqual([0, 0, 1, 2, 3]);
  expect(zeros([2, 2]).copy_(tensor([1, 2])).dtype).toBe("float32");
  expect(zeros([2]).fill_(tensor(3)).toArray()).toEqual([3, 3]);
  expect(tensor([Number.NaN, 1]).fill_(2).toArray()).toEqual([2, 2]);
  expect(() => zeros([2]).copy_(zeros([3]))).toThrow(ShapeError);
  expect(() => zeros([2]).copy_(zeros([1, 2]))).toThrow(/does not broadcast/);
  expect(() => zeros([2]).fill_(zeros([2]))).toThrow(/use copy_/);
});

test("indexSelect, indexAdd, indexCopy and indexFill work on slices", () => {
  const index = tensor([1, 0]);
  expect(indexSelect(x, 1, tensor([2, 2])).toArray()).toEqual([
    [3, 3],
    [6, 6],
  ]);
  expect(indexAdd(zeros([2, 1]), 0, tensor([1, 1]), tensor([[1.5], [2]])).toArray()).toEqual([[0], [3.5]]);
  expect(indexCopy(x, 0, index, x).toArray()).toEqual([
    [4, 5, 6],
    [1, 2, 3],
  ]);
  expect(indexFill(x, 1, index, 0).toArray()).toEqual([
    [0, 0, 3],
    [0, 0, 6],
  ]);
  expect(indexSelect(tensor(5), 0, tensor([0])).item()).toBe(5);
  expect(() => indexSelect(x, 0, tensor([[0]]))).toThrow(/one dimension/);
  expect(() => indexAdd(x, 0, index, zeros([2, 2]))).toThrow(/expected a source of shape \[2, 3\]/);
});

test("take reads a tensor as one row, takeAlongDim broadcasts its index", () => {
  expect(take(x, tensor([[0, -1]])).toArray()).toEqual([[1, 6]]);
  expect(takeAlongDim(x, tensor([[1]]), 1).toArray()).toEqual([[2], [5]]);
  expect(takeAlongDim(x, tensor([5, 0])).toArray()).toEqual([6, 1]);
  expect(() => take(x, tensor([6]))).toThrow("take: index 6 is out of bounds for a tensor of 6 elements");
});

test("masks fill, select and scatter", () => {
  const mask = tensor([[true], [false]]);
  expect(maskedFill(x, mask, 0).toArray()).toEqual([
    [0, 0, 0],
    [4, 5, 6],
  ]);
  expect(maskedFill(x, mask, 0).dtype).toBe("int32");
  expect(maskedSelect(x, x.remainder(2).eq(0)).toArray()).toEqual([2, 4, 6]);
  expect(maskedScatter(x, mask, tensor([7, 8, 9, 10])).toArray()).toEqual([
    [7, 8, 9],
    [4, 5, 6],
  ]);
  expect(() => maskedScatter(x, mask, tensor([7]))).toThrow(/true 3 times/);
  expect(() => maskedFill(x, tensor([1, 0, 1]), 0)).toThrow(DTypeError);
  expect(() => maskedSelect(x, tensor([true, false]))).toThrow(ShapeError);
});

test("nonzero lists positions", () => {
  expect(
    nonzero(
      tensor([
        [0, 1],
        [2, 0],
      ]),
    ).toArray(),
  ).toEqual([
    [0, 1],
    [1, 0],
  ]);
  expect(nonzero(zeros([2, 3])).shape).toEqual([0, 2]);
  expect(nonzero(tensor(1)).shape).toEqual([1, 0]);
  expect(nonzero(zeros([0, 2])).shape).toEqual([0, 2]);
});

test("oneHot infers or checks the number of classes", () => {
  expect(oneHot(tensor([0, 2])).toArray()).toEqual([
    [1, 0, 0],
    [0, 0, 1],
  ]);
  expect(oneHot(tensor([[1]]), 2).shape).toEqual([1, 1, 2]);
  expect(() => oneHot(tensor([0, 3]), 3)).toThrow("oneHot: index 3 is out of bounds for 3 classes");
  expect(() => oneHot(tensor([-1]))).toThrow(ShapeError);
  expect(() => oneHot(zeros([0], { dtype: "int32" }))).toThrow(UsageError);
});

test("embedding looks rows up for an index of any shape", () => {
  const weight = arange(6, { dtype: "float32" }).reshape(3, 2);
  expect(embedding(tensor([[2], [0]]), weight).toArray()).toEqual([[[4, 5]], [[0, 1]]]);
  expect(() => embedding(tensor([3]), weight)).toThrow("embedding: index 3 is out of bounds for a table of 3 rows");
});

test("embedding first scales rows that it looks up down to the largest norm, in the table itself", () => {
  const table = () => tensor([[3, 4], [0.3, 0.4], [6, 8]], { dtype: "float32" }); // biome-ignore format: a matrix
  const weight = table();
  const rows = embedding(tensor([0, 1, 0]), weight, { maxNorm: 1 }).toArray() as number[][];
  expect(rows.map((row) => row.map((value) => Number(value.toFixed(5))))).toEqual([[0.6, 0.8], [0.3, 0.4], [0.6, 0.8]]); // biome-ignore format: a matrix
  expect(weight.toArray()).toEqual([rows[0], rows[1], [6, 8]]);
  const [row] = embedding(tensor([0]), table(), { maxNorm: 1, normType: 1 }).toArray() as number[][];
  expect(row?.map((value) => Number(value.toFixed(5)))).toEqual([0.42857, 0.57143]);
  expect(() => embedding(tensor([0]), tensor([1, 2]), { maxNorm: 1 })).toThrow(
    /maxNorm needs a table of two dimensions/,
  );
});

test("imagesToFloat picks images and normalises each channel", () => {
  const images = tensor([0, 255, 51, 102], { dtype: "uint8" }).reshape(2, 2, 1, 1);
  expect(imagesToFloat(images, Int32Array.of(1, 0)).toTypedArray()).toEqual(new Float32Array([0.2, 0.4, 0, 1]));
  const normalised = imagesToFloat(images, tensor([0]), { mean: [0, 0.5], std: [1, 0.25] });
  expect(normalised.shape).toEqual([1, 2, 1, 1]);
  expect(normalised.reshape(-1).toArray()).toEqual([0, 2]);
  expect(() => imagesToFloat(images, tensor([2]))).toThrow("imagesToFloat: index 2 is out of bounds for 2 images");
  expect(() => imagesToFloat(images, tensor([0]), { mean: [1, 2, 3] })).toThrow(/expected 2 values of mean/);
  expect(() => imagesToFloat(images.to("float32"), tensor([0]))).toThrow(DTypeError);
});
