import { expect, test } from "vitest";
import {
  affineGrid,
  arange,
  type GridSampleOptions,
  gridSample,
  ones,
  type Tensor,
  tensor,
  zeros,
} from "../src/index.js";

const floats = (values: Parameters<typeof tensor>[0]): Tensor => tensor(values, { dtype: "float32" });
const image = arange(16, { dtype: "float32" }).reshape([1, 1, 4, 4]);
const points = floats([[[[-1, -1], [0.25, 0], [1, 1], [3, 0]]]]); // biome-ignore format: a list of points

// PyTorch's numbers.
test.each<[GridSampleOptions, number[]]>([
  [{}, [0, 8, 3.75, 0]],
  [{ paddingMode: "border" }, [0, 8, 15, 9]],
  [{ paddingMode: "reflection" }, [0, 8, 15, 6]],
  [{ mode: "nearest" }, [0, 10, 0, 0]],
  [{ mode: "nearest", paddingMode: "border" }, [0, 10, 15, 11]],
  [{ mode: "nearest", paddingMode: "reflection" }, [0, 10, 15, 8]],
  [{ mode: "bicubic" }, [-0.234375, 8, 3.984375, 0]],
  [{ mode: "bicubic", paddingMode: "border" }, [-0.46875, 8, 15.46875, 9]],
  [{ mode: "bicubic", paddingMode: "reflection" }, [-0.9375, 8, 15.9375, 5.8125]],
  [{ alignCorners: true }, [0, 7.875, 15, 0]],
])("gridSample takes values between elements and outside: %o", (options, want) => {
  expect(gridSample(image, points, options).flatten().toArray()).toEqual(want);
});

test("gridSample goes into volumes", () => {
  const volume = arange(8, { dtype: "float64" }).reshape([1, 1, 2, 2, 2]);
  const grid = tensor([[0, 0, 0], [1, -1, 0], [0.5, 0.5, -0.5]], { dtype: "float64" }); // biome-ignore format: a list of points
  const got = gridSample(volume, grid.reshape([1, 1, 1, 3, 3]), { alignCorners: true });
  expect(got.toArray()).toEqual([[[[[3.5, 3, 3.25]]]]]);
});

test("points that are no numbers lie outside", () => {
  const wrong = floats([[[[Number.NaN, 0], [0, Number.POSITIVE_INFINITY], [0, 0]]]]); // biome-ignore format: a list of points
  expect(gridSample(image, wrong).flatten().toArray()).toEqual([0, 0, 7.5]);
  expect(gridSample(image, wrong, { mode: "bicubic" }).flatten().toArray()).toEqual([0, 0, 7.5]);
});

test("gridSample takes empty batches and rearranged inputs", () => {
  expect(gridSample(zeros([0, 2, 4, 4]), zeros([0, 3, 3, 2])).shape).toEqual([0, 2, 3, 3]);
  const turned = gridSample(image.transpose(2, 3), points).flatten().toArray();
  expect(turned).toEqual(gridSample(image.transpose(2, 3).contiguous(), points).flatten().toArray());
});

test("affineGrid maps the coordinates of all elements", () => {
  const theta = floats([[[1, 0, 0.5], [0, 2, 0]]]); // biome-ignore format: a matrix
  expect(affineGrid(theta, [1, 1, 2, 2]).toArray()).toEqual([[[[0, -1], [1, -1]], [[0, 1], [1, 1]]]]); // biome-ignore format: points
  expect(affineGrid(theta, [1, 1, 2, 1], { alignCorners: true }).toArray()).toEqual([[[[0.5, -2]], [[0.5, 2]]]]); // biome-ignore format: points
  const same = affineGrid(floats([[[1, 0, 0], [0, 1, 0]]]), [1, 1, 4, 4]); // biome-ignore format: a matrix
  expect(gridSample(image, same).toArray()).toEqual(image.toArray());
  expect(affineGrid(zeros([2, 3, 4]), [2, 1, 3, 4, 5]).shape).toEqual([2, 3, 4, 5, 3]);
});

test("sampling says what does not fit", () => {
  expect(() => gridSample(image, zeros([1, 2, 2, 3]))).toThrow(/got \[1, 1, 4, 4\] and \[1, 2, 2, 3\]/);
  expect(() => gridSample(image, zeros([2, 2, 2, 2]))).toThrow(/got \[1, 1, 4, 4\] and \[2, 2, 2, 2\]/);
  expect(() => gridSample(image, points.to("float64"))).toThrow(/one floating point dtype, got float32 and float64/);
  expect(() => gridSample(zeros([1, 1, 0, 4]), points)).toThrow(/there is nothing to sample from/);
  expect(() => gridSample(image, points, { mode: "linear" as "nearest" })).toThrow(/mode must be one of bilinear/);
  expect(() => gridSample(image, points, { paddingMode: "wrap" as "zeros" })).toThrow(
    /paddingMode must be one of zeros/,
  );
  expect(() => gridSample(ones([1, 1, 2, 2, 2]), ones([1, 1, 1, 1, 3]), { mode: "bicubic" })).toThrow(
    /"bicubic" takes/,
  );
  expect(() => affineGrid(zeros([1, 2, 2]), [1, 1, 2, 2])).toThrow(/expected a theta \[N, 2, 3\] .* got \[1, 2, 2\]/);
  expect(() => affineGrid(zeros([1, 2, 3]), [1, 1, 0, 2])).toThrow(/sizes must be whole numbers of at least 1/);
  expect(() => affineGrid(arange(6).reshape([1, 2, 3]), [1, 1, 2, 2])).toThrow(/floating point theta, got int32/);
});
