import { describe, expect, test } from "vitest";
import { bincount, cov, cumulativeTrapezoid, histc, quantile, tensor, trapezoid, zeros } from "../src/index.js";

const floats = (values: Parameters<typeof tensor>[0]) => tensor(values, { dtype: "float32" });

describe("bincount", () => {
  test("counts weights, and as many classes as asked for", () => {
    const weights = floats([0.5, 1, 2]);
    expect(bincount(tensor([1, 1, 3]), { weights, minlength: 5 }).toArray()).toEqual([0, 1.5, 0, 2, 0]);
    expect(bincount(tensor([1]), { weights: tensor([3]) }).dtype).toBe("float64");
    expect(bincount(zeros([0], { dtype: "int32" }), { minlength: 2 }).toArray()).toEqual([0, 0]);
  });

  test("refuses what cannot be counted", () => {
    expect(() => bincount(tensor([-1]))).toThrow(/^bincount: expected numbers of at least 0, got -1/);
    expect(() => bincount(tensor([0.5]))).toThrow(/^bincount: expected integers, got float32/);
    expect(() => bincount(tensor([[1]]))).toThrow(/^bincount: expected one dimension, got \[1, 1\]/);
  });
});

describe("histc", () => {
  test("spans the elements where no range is given, and a single value by one to each side", () => {
    expect(histc(floats([1, 2, 2, 3]), { bins: 4 }).toArray()).toEqual([1, 0, 2, 1]);
    expect(histc(floats([2, 2]), { bins: 3 }).toArray()).toEqual([0, 2, 0]);
  });

  test("leaves out NaN and what lies outside of the range", () => {
    expect(histc(floats([-1, 0, 1.5, Number.NaN, 9]), { bins: 2, min: 0, max: 2 }).toArray()).toEqual([1, 1]);
  });

  test("refuses a range that is none", () => {
    expect(() => histc(floats([1]), { min: 2, max: 1 })).toThrow(/^histc: min 2 must not be larger than max 1/);
    expect(() => histc(floats([Number.POSITIVE_INFINITY]))).toThrow(/^histc: the range .* is not finite/);
  });
});

describe("quantile", () => {
  test.each([
    ["lower", [1, 2, 3]],
    ["higher", [2, 3, 4]],
    ["midpoint", [1.5, 2.5, 3.5]],
    ["nearest", [1, 3, 4]],
  ] as const)("takes the %s element between two", (interpolation, expected) => {
    const shares = floats([0.1, 0.5, 0.9]);
    expect(quantile(floats([3, 1, 4, 2]), shares, { interpolation }).toArray()).toEqual(expected);
  });

  test("puts several shares first, and keeps the dimension where asked to", () => {
    const x = floats([
      [4, 1, 3],
      [2, 8, 6],
    ]);
    const result = quantile(x, floats([0.25, 0.75]), { dim: 1, keepdim: true });
    expect(result.toArray()).toEqual([
      [[2], [4]],
      [[3.5], [7]],
    ]);
    expect(quantile(x, 0.5, { keepdim: true }).toArray()).toEqual([[3.5]]);
  });

  test("is NaN where an element is", () => {
    const x = floats([
      [1, Number.NaN],
      [1, 3],
    ]);
    expect(quantile(x, 0, { dim: 1 }).toArray()).toEqual([Number.NaN, 1]);
  });

  test("refuses a share out of range, and nothing to choose from", () => {
    expect(() => quantile(floats([1]), 1.5)).toThrow(/^quantile: q must be from 0 to 1, got 1.5/);
    expect(() => quantile(zeros([0]), 0.5)).toThrow(/^quantile: nothing to choose from in shape \[0\]/);
    expect(() => quantile(tensor([1]), 0.5)).toThrow(/^quantile: expected a floating point tensor, got int32/);
  });
});

test("the covariance of one variable is its variance", () => {
  expect(cov(floats([1, 2, 4])).item()).toBeCloseTo(7 / 3, 6);
  expect(cov(tensor([[1, 2]]), { correction: 0 }).toArray()).toEqual([[0.25]]);
  expect(() => cov(zeros([1, 1, 1]))).toThrow(/^cov: expected at most two dimensions/);
});

test("the trapezoid rule takes positions or a distance, along any dimension", () => {
  const y = floats([
    [1, 2, 4],
    [1, 2, 3],
  ]);
  expect(trapezoid(y, { x: floats([0, 1, 3]) }).toArray()).toEqual([7.5, 6.5]);
  expect(cumulativeTrapezoid(y.t(), { dim: 0, dx: 2 }).toArray()).toEqual([
    [3, 3],
    [9, 8],
  ]);
});
