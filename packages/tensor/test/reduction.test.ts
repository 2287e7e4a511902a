import { describe, expect, test } from "vitest";
import {
  allclose,
  amax,
  argmax,
  countNonzero,
  DTypeError,
  logsumexp,
  mean,
  norm,
  prod,
  ShapeError,
  sum,
  type Tensor,
  tensor,
  var as variance,
  varMean,
  vectorNorm,
  zeros,
} from "../src/index.js";

const x = tensor(
  [
    [
      [1, 2],
      [3, 4],
    ],
    [
      [5, 6],
      [7, 8],
    ],
  ],
  { dtype: "float32" },
);

describe("sum", () => {
  test("adds over all dimensions, some of them, or one from the end", () => {
    expect(sum(x).item()).toBe(36);
    expect(sum(x, [2, 0]).toArray()).toEqual([14, 22]);
    expect(sum(x, -1, { keepdim: true }).toArray()).toEqual([
      [[3], [7]],
      [[11], [15]],
    ]);
  });

  test("reads transposed and broadcast tensors where they are", () => {
    expect(sum(x.permute([2, 0, 1]), 1).toArray()).toEqual([
      [6, 10],
      [8, 12],
    ]);
    expect(sum(tensor([1.5, 2]).expand([3, 2]), 0).toArray()).toEqual([4.5, 6]);
  });

  test("counts bools and adds small integers in int32, unless a dtype is given", () => {
    expect(sum(tensor([true, false, true])).dtype).toBe("int32");
    expect(sum(tensor([true, false, true])).item()).toBe(2);
    expect(sum(tensor([200, 100], { dtype: "uint8" })).item()).toBe(300);
    expect(sum(tensor([1, 2]), 0, { dtype: "float64" }).dtype).toBe("float64");
  });

  test("of nothing is 0, and a product of nothing 1", () => {
    expect(sum(zeros([2, 0]), 1).toArray()).toEqual([0, 0]);
    expect(prod(zeros([0])).item()).toBe(1);
    expect(sum(zeros([0, 2]), 1).shape).toEqual([0]);
  });

  test("of a hundred thousand float32 numbers does not pile up rounding errors", () => {
    const tenth = tensor(new Float32Array(100_000).fill(0.1));
    expect(sum(tenth).item()).toBeCloseTo(10_000, 1);
  });

  test("refuses a dimension out of range or named twice", () => {
    expect(() => sum(x, 3)).toThrow(/sum: dimension out of range: expected -3 to 2, got 3/);
    expect(() => sum(x, [0, -3])).toThrow(ShapeError);
  });
});

describe("mean, variance and norms", () => {
  test("mean refuses integers and is NaN of nothing", () => {
    expect(() => mean(tensor([1, 2]))).toThrow(DTypeError);
    expect(mean(tensor([1, 2]), 0, { dtype: "float32" }).item()).toBe(1.5);
    expect(mean(zeros([0])).item()).toBeNaN();
  });

  test("variance divides by n − correction, and is NaN of one element", () => {
    const values = tensor([1, 2, 4, 9], { dtype: "float64" });
    expect(variance(values).item()).toBeCloseTo(38 / 3, 12);
    expect(variance(values, 0, { correction: 0 }).item()).toBeCloseTo(9.5, 12);
    expect(variance(tensor([3.5])).item()).toBeNaN();
  });

  test("variance does not lose small deviations from a large mean", () => {
    const values = tensor([1e8 + 1, 1e8 + 2, 1e8 + 3], { dtype: "float64" });
    expect(variance(values).item()).toBe(1);
    const { var: spread, mean: center } = varMean(values);
    expect([spread.item(), center.item(), center.shape]).toEqual([1, 1e8 + 2, []]);
  });

  test("norms of every order agree with their definition", () => {
    const v = tensor([3, 0, -4], { dtype: "float64" });
    expect(norm(v).item()).toBe(5);
    expect(norm(v, 1).item()).toBe(7);
    expect(vectorNorm(v, Number.POSITIVE_INFINITY).item()).toBe(4);
    expect(vectorNorm(v, Number.NEGATIVE_INFINITY).item()).toBe(0);
    expect(vectorNorm(v, 0).item()).toBe(2);
    expect(vectorNorm(v, 3).item()).toBeCloseTo(91 ** (1 / 3), 12);
    expect(vectorNorm(v, -1).item()).toBe(0);
  });

  test("logsumexp overflows neither way", () => {
    expect(logsumexp(tensor([1000, 1000], { dtype: "float64" }), 0).item()).toBeCloseTo(1000 + Math.LN2, 12);
    expect(logsumexp(tensor([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]), 0).item()).toBe(
      Number.NEGATIVE_INFINITY,
    );
  });
});

describe("extremes", () => {
  const ties = tensor(
    [
      [1, 3, 3],
      [4, 0, 4],
    ],
    { dtype: "float32" },
  );

  test("max along a dimension gives values and the first of equal positions", () => {
    const { values, indices } = ties.max(1);
    expect(values.toArray()).toEqual([3, 4]);
    expect(indices.toArray()).toEqual([1, 0]);
    expect(indices.dtype).toBe("int32");
    expect(ties.min(0, { keepdim: true }).values.toArray()).toEqual([[1, 0, 3]]);
  });

  test("max of all, and of two tensors", () => {
    expect(ties.max().item()).toBe(4);
    expect(ties.max(tensor([2, 2, 5], { dtype: "float32" })).toArray()).toEqual([
      [2, 3, 5],
      [4, 2, 5],
    ]);
  });

  test("argmax counts over everything without a dimension, also in a transposed tensor", () => {
    expect(argmax(ties).item()).toBe(3);
    expect(argmax(ties.transpose(0, 1)).item()).toBe(1);
  });

  test("NaN wins", () => {
    const withNaN = tensor([1, Number.NaN, 3]);
    expect(amax(withNaN).item()).toBeNaN();
    expect(argmax(withNaN).item()).toBe(1);
  });

  test("nothing to choose from is an error that names the shape", () => {
    expect(() => amax(zeros([2, 0]), 1)).toThrow(/amax: nothing to choose from in shape \[2, 0\]/);
    expect(() => zeros([0]).max()).toThrow(ShapeError);
    expect(amax(zeros([0, 2]), 1).shape).toEqual([0]);
  });

  test("any and all of nothing are false and true", () => {
    expect(zeros([0]).any().item()).toBe(0);
    expect(zeros([0]).all().item()).toBe(1);
    expect(
      tensor([
        [0, 2],
        [0, 0],
      ])
        .any(1)
        .toArray(),
    ).toEqual([true, false]);
    expect(
      countNonzero(
        tensor([
          [0, 2],
          [3, 4],
        ]),
        0,
      ).toArray(),
    ).toEqual([1, 2]);
  });
});

test("NaN counts as nothing in nansum and nanmean", () => {
  const values = tensor([1, Number.NaN, 3]);
  expect(values.nansum().item()).toBe(4);
  expect(values.nanmean().item()).toBe(2);
});

test("reductions over every subset of dimensions agree with nested loops", () => {
  const shape = [2, 3, 4];
  const values = Float64Array.from({ length: 24 }, (_, i) => Math.sin(i));
  const dense = tensor(values).reshape(shape);
  for (const order of [
    [0, 1, 2],
    [2, 0, 1],
    [1, 2, 0],
  ]) {
    const view: Tensor = dense.permute(order);
    for (let mask = 1; mask < 8; mask++) {
      const dims = [0, 1, 2].filter((dim) => mask & (1 << dim));
      const total = sum(view, dims, { keepdim: true });
      const expected = new Map<string, number>();
      const nested = view.toArray() as number[][][];
      nested.forEach((plane, i) => {
        plane.forEach((row, j) => {
          row.forEach((value, k) => {
            const key = [i, j, k].map((position, dim) => (dims.includes(dim) ? 0 : position)).join();
            expected.set(key, (expected.get(key) ?? 0) + value);
          });
        });
      });
      const flat = tensor(Float64Array.from(expected.values())).reshape(total.shape);
      expect(allclose(total, flat, { rtol: 1e-12, atol: 1e-12 })).toBe(true);
    }
  }
});
