import { expect, test } from "vitest";
import {
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  arange,
  avgPool1d,
  avgPool2d,
  DTypeError,
  maxPool1d,
  maxPool2d,
  ShapeError,
  tensor,
  UsageError,
  zeros,
} from "../src/index.js";

const plane = arange(16, { dtype: "float32" }).reshape([1, 1, 4, 4]);

test("maxPool2d takes the largest element of every window", () => {
  expect(maxPool2d(plane, 2).toArray()).toEqual([
    [
      [
        [5, 7],
        [13, 15],
      ],
    ],
  ]);
  expect(maxPool2d(plane, [3, 2], { stride: 1 }).toArray()).toEqual([
    [
      [
        [9, 10, 11],
        [13, 14, 15],
      ],
    ],
  ]);
  expect(maxPool2d(plane, 2, { dilation: 2, stride: 1 }).toArray()).toEqual([
    [
      [
        [10, 11],
        [14, 15],
      ],
    ],
  ]);
});

test("indices point into the plane, also from padded windows and large kernels", () => {
  const { values, indices } = maxPool2d(plane, 3, { stride: 2, padding: 1, returnIndices: true });
  expect(values.toArray()).toEqual([
    [
      [
        [5, 7],
        [13, 15],
      ],
    ],
  ]);
  expect(indices.toArray()).toEqual([
    [
      [
        [5, 7],
        [13, 15],
      ],
    ],
  ]);
  const wide = arange(400, { dtype: "float32" }).reshape([1, 20, 20]);
  expect(maxPool2d(wide, 17, { stride: 3, returnIndices: true }).indices.toArray()).toEqual([
    [
      [336, 339],
      [396, 399],
    ],
  ]);
});

test("a padded negative plane is not mixed with zeros, and NaN wins", () => {
  expect(maxPool2d(plane.sub(20), 2, { padding: 1 }).select(2, 0).toArray()).toEqual([[[-20, -18, -17]]]);
  expect(
    maxPool2d(
      tensor([
        [
          [1, Number.NaN],
          [3, 4],
        ],
      ]),
      2,
    ).item(),
  ).toBeNaN();
});

test("ceilMode keeps windows that reach over the end", () => {
  const odd = arange(9, { dtype: "float32" }).reshape([1, 3, 3]);
  expect(maxPool2d(odd, 2).toArray()).toEqual([[[4]]]);
  expect(maxPool2d(odd, 2, { ceilMode: true }).toArray()).toEqual([
    [
      [4, 5],
      [7, 8],
    ],
  ]);
});

test("avgPool2d counts the padding or not, or divides by what it is told", () => {
  const ones = zeros([1, 2, 2]).add(1);
  expect(avgPool2d(ones, 2, { padding: 1 }).toArray()).toEqual([
    [
      [0.25, 0.25],
      [0.25, 0.25],
    ],
  ]);
  expect(avgPool2d(ones, 2, { padding: 1, countIncludePad: false }).toArray()).toEqual([
    [
      [1, 1],
      [1, 1],
    ],
  ]);
  expect(avgPool2d(ones, 2, { divisorOverride: 8 }).toArray()).toEqual([[[0.5]]]);
});

test("one-dimensional pooling slides over rows, with or without a batch", () => {
  const row = tensor([[1, 5, 2, 4, 3]], { dtype: "float32" });
  expect(maxPool1d(row, 2).toArray()).toEqual([[5, 4]]);
  expect(maxPool1d(row.unsqueeze(0), 2, { stride: 1, returnIndices: true }).indices.toArray()).toEqual([
    [[1, 1, 3, 3]],
  ]);
  expect(avgPool1d(row, 2, { stride: 3 }).toArray()).toEqual([[3, 3.5]]);
});

test("adaptive pooling covers the input with windows of nearly equal size", () => {
  expect(adaptiveAvgPool1d(tensor([[1, 2, 3, 4, 5]], { dtype: "float32" }), 3).toArray()).toEqual([[1.5, 3, 4.5]]);
  expect(adaptiveAvgPool2d(plane, 1).toArray()).toEqual([[[[7.5]]]]);
  expect(adaptiveAvgPool2d(plane, [null, 2]).shape).toEqual([1, 1, 4, 2]);
});

test("reads strided inputs and keeps empty batches", () => {
  const transposed = plane.transpose(2, 3);
  expect(maxPool2d(transposed, 2).toArray()).toEqual([
    [
      [
        [5, 13],
        [7, 15],
      ],
    ],
  ]);
  expect(avgPool2d(zeros([0, 2, 4, 4]), 2).shape).toEqual([0, 2, 2, 2]);
});

test("bad windows are named", () => {
  expect(() => maxPool2d(plane, 2, { padding: 2 })).toThrow(/padding must be at most half the kernel size/);
  expect(() => maxPool2d(plane, 5)).toThrow(/too small for kernel 5 × 5/);
  expect(() => maxPool2d(zeros([4]), 2)).toThrow(ShapeError);
  expect(() => maxPool2d(plane, 0)).toThrow(UsageError);
  expect(() => avgPool2d(plane, 2, { divisorOverride: 0 })).toThrow(UsageError);
  expect(() => maxPool2d(tensor([[[1]]]), 1)).toThrow(DTypeError);
});
