import { expect, test } from "vitest";
import { arange, interpolate, type NestedArray, type Tensor, tensor, zeros } from "../src/index.js";

const row = tensor([[[0, 1, 3]]], { dtype: "float64" });
const numbers = (x: Tensor): readonly number[] => [...x.toTypedArray()];

function expectNear(got: Tensor, want: readonly number[]): void {
  expect(numbers(got)).toEqual(want.map((value) => expect.closeTo(value, 6)));
}

test("nearest repeats elements, of any dtype", () => {
  expect(interpolate(row, { scaleFactor: 2 }).toArray()).toEqual([[[0, 0, 1, 1, 3, 3]]]);
  const bytes = tensor([[[1, 2, 3, 4, 5]]], { dtype: "uint8" });
  expect(interpolate(bytes, { size: 3 }).toArray()).toEqual([[[1, 2, 4]]]);
  expect(interpolate(bytes, { size: 3, mode: "nearest-exact" }).toArray()).toEqual([[[1, 3, 5]]]);
  expect(interpolate(arange(4).reshape([1, 1, 2, 2]), { size: [1, 4] }).toArray()).toEqual([[[[0, 0, 1, 1]]]]);
  expect(interpolate(row, { size: 3 }).toArray()).toEqual(row.toArray());
});

// PyTorch's numbers.
test("linear modes mix neighbours, with the corners or their edges in place", () => {
  expectNear(interpolate(row, { size: 6, mode: "linear" }), [0, 0.25, 0.75, 1.5, 2.5, 3]);
  expectNear(interpolate(row, { size: 5, mode: "linear", alignCorners: true }), [0, 0.5, 1, 2, 3]);
  const square = row.reshape([1, 1, 1, 3]).expand([1, 1, 2, 3]);
  expectNear(interpolate(square, { size: [1, 2], mode: "bilinear" }), [0.25, 2.5]);
  expectNear(
    interpolate(row.reshape([1, 1, 1, 1, 3]), { size: [1, 1, 6], mode: "trilinear" }),
    [0, 0.25, 0.75, 1.5, 2.5, 3],
  );
});

test("bicubic goes through four neighbours, and beyond their values", () => {
  const square = row.reshape([1, 1, 1, 3]);
  const want = [-0.10546875, 0.15625, 0.5625, 1.55859375, 2.58203125, 3.2109375];
  expectNear(interpolate(square, { size: [1, 6], mode: "bicubic" }), want);
});

test("antialias averages over all that is shrunk", () => {
  const spike = zeros([1, 1, 1, 8], { dtype: "float64" });
  spike.select(3, 3).fill_(8);
  expectNear(interpolate(spike, { size: [1, 2], mode: "bilinear", antialias: true }), [10 / 7, 6 / 7]);
  expectNear(interpolate(spike, { size: [1, 2], mode: "bilinear" }), [0, 0]);
});

test("area takes the means of windows", () => {
  expect(interpolate(row, { size: 1, mode: "area" }).item()).toBeCloseTo(4 / 3, 12);
  expect(interpolate(arange(8, { dtype: "float32" }).reshape([1, 1, 2, 2, 2]), { size: 1, mode: "area" }).item()).toBe(
    3.5,
  );
});

test("a scale factor is kept where positions are computed, unless it is to be recomputed", () => {
  const x = arange(5, { dtype: "float64" }).reshape([1, 1, 5]);
  const options = { scaleFactor: 1.5, mode: "linear" } as const;
  expect(interpolate(x, options).shape).toEqual([1, 1, 7]);
  expect(numbers(interpolate(x, options))[6]).toBeCloseTo(3.8333333, 6);
  expect(numbers(interpolate(x, { ...options, recomputeScaleFactor: true }))[6]).toBe(4);
});

test("interpolate takes empty batches and rearranged inputs", () => {
  expect(interpolate(zeros([0, 2, 3]), { size: 5, mode: "linear" }).shape).toEqual([0, 2, 5]);
  const x = arange(12, { dtype: "float32" }).reshape([1, 3, 4, 1]).transpose(1, 3);
  const want = interpolate(x.contiguous(), { size: 3, mode: "bilinear" }).toArray();
  expect(interpolate(x, { size: 3, mode: "bilinear" }).toArray()).toEqual(want);
});

test.each<[RegExp, NestedArray, Parameters<typeof interpolate>[1]]>([
  [/mode must be one of nearest, .*got "cubic"/, [[[1]]], { size: 2, mode: "cubic" as "linear" }],
  [/mode "bilinear" takes inputs of 4 dimensions .*got \[1, 1, 1\]/, [[[1]]], { size: 2, mode: "bilinear" }],
  [/either size or scaleFactor, got neither/, [[[1]]], {}],
  [/either size or scaleFactor, got both/, [[[1]]], { size: 2, scaleFactor: 2 }],
  [/expected one size or 1 for input \[1, 1, 1\], got \[2,2\]/, [[[1]]], { size: [2, 2] }],
  [/size must be greater than 0, got 0/, [[[1]]], { size: 0 }],
  [/scaleFactor must be greater than 0, got -1/, [[[1]]], { scaleFactor: -1 }],
  [/scaleFactor 0.5 leaves nothing of \[1, 1, 1\]/, [[[1]]], { scaleFactor: 0.5 }],
  [/alignCorners is for linear/, [[[1]]], { size: 2, alignCorners: true }],
  [/recomputeScaleFactor needs a scaleFactor/, [[[1]]], { size: 2, recomputeScaleFactor: true }],
  [/antialias is for bilinear and bicubic/, [[[1]]], { size: 2, mode: "linear", antialias: true }],
  [/takes floating point tensors, got int32/, [[[1]]], { size: 2, mode: "linear" }],
  [/only the batch may be empty, got input \[1, 1, 0\]/, [[[]]], { size: 2 }],
])("interpolate refuses what cannot be: %s", (message, values, options) => {
  expect(() => interpolate(tensor(values), options)).toThrow(message);
});
