import { expect, test } from "vitest";
import { arange, col2im, im2col, ones, tensor, zeros } from "../src/index.js";

const image = arange(9, { dtype: "float32" }).reshape([1, 3, 3]);

test("im2col makes a column of each window, row by row", () => {
  const want = [
    [0, 1, 3, 4],
    [1, 2, 4, 5],
    [3, 4, 6, 7],
    [4, 5, 7, 8],
  ];
  expect(im2col(image, 2).toArray()).toEqual(want);
  expect(im2col(image.transpose(1, 2).contiguous().transpose(1, 2), 2).toArray()).toEqual(want);
  expect(im2col(image, 2, { dilation: 2 }).toArray()).toEqual([[0], [2], [6], [8]]);
  expect(im2col(image, [1, 3], { padding: [0, 1], stride: 2 }).toArray()).toEqual([
    [0, 1, 0, 7],
    [0, 2, 6, 8],
    [1, 0, 7, 0],
  ]);
  expect(im2col(zeros([0, 2, 4, 4]), 3).shape).toEqual([0, 18, 4]);
});

test("im2col takes windows of every channel of every image", () => {
  const x = arange(2 * 2 * 2 * 3, { dtype: "float32" }).reshape([2, 2, 2, 3]);
  expect(im2col(x, [2, 1]).select(0, 1).toArray()).toEqual([
    [12, 13, 14],
    [15, 16, 17],
    [18, 19, 20],
    [21, 22, 23],
  ]);
});

test("col2im adds up what windows share", () => {
  expect(col2im(ones([4, 4]), 3, 2).toArray()).toEqual([[[1, 2, 1], [2, 4, 2], [1, 2, 1]]]); // biome-ignore format: a matrix
  expect(col2im(ones([1, 8, 4]), [4, 4], 2, { stride: 2 }).toArray()).toEqual(ones([1, 2, 4, 4]).toArray());
  const cut = col2im(ones([1, 9, 4]), [2, 2], 3, { padding: 1 });
  expect(cut.toArray()).toEqual([[[[4, 4], [4, 4]]]]); // biome-ignore format: a matrix
  expect(cut.isContiguous()).toBe(true);
  expect(col2im(zeros([0, 4, 4]), 3, 2).shape).toEqual([0, 1, 3, 3]);
});

test("col2im puts back what im2col took, as often as it was taken", () => {
  const options = { dilation: [2, 1], padding: [1, 2], stride: [1, 2] };
  const x = arange(60, { dtype: "float64" }).reshape([2, 1, 5, 6]);
  const often = col2im(im2col(ones([2, 1, 5, 6], { dtype: "float64" }), [2, 3], options), [5, 6], [2, 3], options);
  expect(col2im(im2col(x, [2, 3], options), [5, 6], [2, 3], options).toArray()).toEqual(x.mul(often).toArray());
});

test("columns say what does not fit", () => {
  expect(() => im2col(image, 4)).toThrow(/im2col: no window of 4 × 4 .* fits into 3 × 3/);
  expect(() => im2col(tensor([1]), 1)).toThrow(/expected an input \[N, C, H, W\] or \[C, H, W\], got \[1\]/);
  expect(() => im2col(image, 2, { stride: 0 })).toThrow(/stride must be a whole number of at least 1/);
  expect(() => col2im(ones([1, 5, 4]), 3, 2)).toThrow(/expected an input \[N, C · 4, 4\], .* got \[1, 5, 4\]/);
  expect(() => col2im(ones([1, 4, 5]), 3, 2)).toThrow(/for 2 × 2 windows over 3 × 3, got \[1, 4, 5\]/);
  expect(() => col2im(ones([4]), 3, 2)).toThrow(/got \[4\]/);
});
