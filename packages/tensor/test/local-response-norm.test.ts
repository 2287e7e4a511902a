import { expect, test } from "vitest";
import { localResponseNorm, ones, tensor, zeros } from "../src/index.js";

test("localResponseNorm divides by the mean square of neighbouring channels", () => {
  const x = tensor([[[1], [2], [3], [4]]], { dtype: "float64" });
  const got = localResponseNorm(x, 3, { alpha: 3, beta: 1, k: 0 }).flatten().toArray() as number[];
  const want = [1 / 5, 2 / 14, 3 / 29, 4 / 25];
  want.forEach((value, i) => {
    expect(got[i]).toBeCloseTo(value, 12);
  });
});

test("an even window reaches one channel further back than forward", () => {
  const x = tensor([[[1], [2], [4]]], { dtype: "float64" });
  const got = localResponseNorm(x, 2, { alpha: 2, beta: 1, k: 0 }).flatten().toArray() as number[];
  [1, 2 / 5, 4 / 20].forEach((value, i) => {
    expect(got[i]).toBeCloseTo(value, 12);
  });
});

test("localResponseNorm takes empty batches and refuses bad sizes", () => {
  expect(localResponseNorm(zeros([0, 3, 2]), 3).shape).toEqual([0, 3, 2]);
  expect(() => localResponseNorm(ones([2, 3]), 3)).toThrow(/expected an input \[N, C, ...\], got \[2, 3\]/);
  expect(() => localResponseNorm(ones([1, 2, 3]), 0)).toThrow(/size must be a whole number of at least 1, got 0/);
});
