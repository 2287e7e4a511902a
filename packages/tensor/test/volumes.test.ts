import { expect, test } from "vitest";
import {
  adaptiveAvgPool3d,
  adaptiveMaxPool3d,
  arange,
  avgPool3d,
  conv3d,
  convTranspose3d,
  lpPool3d,
  maxPool3d,
  maxUnpool3d,
  ones,
  tensor,
  zeros,
} from "../src/index.js";

const cube = arange(27, { dtype: "float32" }).reshape([1, 1, 3, 3, 3]);

test("conv3d adds up windows of a volume, in groups, steps and gaps", () => {
  expect(
    conv3d(cube, ones([1, 1, 2, 2, 2]))
      .flatten()
      .toArray(),
  ).toEqual([52, 60, 76, 84, 124, 132, 148, 156]);
  expect(conv3d(cube, ones([1, 1, 2, 2, 2]), tensor([0.5]), { dilation: 2 }).item()).toBe(104.5);
  expect(
    conv3d(cube, ones([1, 1, 3, 1, 1]), null, { padding: [1, 0, 0], stride: [2, 2, 2] })
      .flatten()
      .toArray(),
  ).toEqual([9, 13, 21, 25, 27, 31, 39, 43]);
  expect(conv3d(ones([4, 3, 4, 5]), ones([2, 2, 2, 3, 2]), null, { groups: 2, padding: "same" }).shape).toEqual([
    2, 3, 4, 5,
  ]);
  expect(conv3d(zeros([0, 1, 3, 3, 3]), ones([2, 1, 2, 2, 2])).shape).toEqual([0, 2, 2, 2, 2]);
  expect(conv3d(cube, ones([2, 1, 2, 2, 2])).isContiguous()).toBe(true);
});

test("convTranspose3d spreads elements over windows", () => {
  const x = tensor([1, 2], { dtype: "float32" }).reshape([1, 2, 1, 1]);
  expect(
    convTranspose3d(x, ones([1, 1, 3, 1, 1]), null, { stride: [2, 1, 1] })
      .flatten()
      .toArray(),
  ).toEqual([1, 1, 3, 2, 2]);
  const cut = convTranspose3d(x, ones([1, 1, 3, 1, 1]), tensor([0.5]), { stride: [2, 1, 1], padding: [1, 0, 0] });
  expect(cut.flatten().toArray()).toEqual([1.5, 3.5, 2.5]);
  const wide = convTranspose3d(ones([1, 4, 2, 2, 2]), ones([4, 3, 2, 2, 2]), null, {
    stride: 2,
    groups: 2,
    outputPadding: 1,
  });
  expect(wide.shape).toEqual([1, 6, 5, 5, 5]);
});

test("maxPool3d tells where in the volume the maxima are, NaN and padding included", () => {
  const { values, indices } = maxPool3d(cube, 2, { stride: 1, returnIndices: true });
  expect(values.flatten().toArray()).toEqual([13, 14, 16, 17, 22, 23, 25, 26]);
  expect(indices.toArray()).toEqual(values.toArray());
  const holes = cube.clone();
  holes.select(2, 1).fill_(Number.NaN);
  const strange = maxPool3d(holes, 3, { returnIndices: true });
  expect([strange.values.item(), strange.indices.item()]).toEqual([Number.NaN, 17]);
  expect(maxPool3d(cube.neg(), 3, { padding: 1, stride: 2 }).abs().flatten().toArray()).toEqual([
    0, 1, 3, 4, 9, 10, 12, 13,
  ]);
  expect(maxPool3d(cube.squeeze(0), [3, 1, 2], { ceilMode: true }).shape).toEqual([1, 1, 3, 2]);
});

test("avgPool3d divides by what counts, or by what it is told", () => {
  expect(avgPool3d(cube, 3).item()).toBe(13);
  expect(avgPool3d(cube, 3, { divisorOverride: 2 }).item()).toBe(175.5);
  expect(
    avgPool3d(ones([1, 3, 3, 3]), 2, { padding: 1, stride: 3 })
      .flatten()
      .select(0, 0)
      .item(),
  ).toBe(0.125);
  const inside = avgPool3d(ones([1, 3, 3, 3]), 2, { padding: 1, stride: 3, countIncludePad: false });
  expect(inside.flatten().select(0, 0).item()).toBe(1);
});

test("adaptive pools make as many windows as wanted", () => {
  expect(adaptiveAvgPool3d(cube, 1).item()).toBe(13);
  expect(adaptiveAvgPool3d(cube, [null, 1, 2]).flatten().toArray()).toEqual([3.5, 4.5, 12.5, 13.5, 21.5, 22.5]);
  const { values, indices } = adaptiveMaxPool3d(cube, [2, null, 1], { returnIndices: true });
  expect(values.flatten().toArray()).toEqual([11, 14, 17, 20, 23, 26]);
  expect(indices.toArray()).toEqual(values.toArray());
});

test("lpPool3d takes norms, maxUnpool3d puts maxima back", () => {
  expect(
    lpPool3d(ones([1, 4, 4, 4]), 3, 2)
      .flatten()
      .select(0, 0)
      .item(),
  ).toBeCloseTo(2, 6);
  const { values, indices } = maxPool3d(cube, 2, { returnIndices: true });
  const back = maxUnpool3d(values, indices, 2, { outputSize: [3, 3, 3] });
  expect([back.sum().item(), back.flatten().select(0, 13).item()]).toEqual([13, 13]);
});

test("operations over volumes say what does not fit", () => {
  expect(() => conv3d(cube, ones([1, 2, 2, 2, 2]))).toThrow(
    /conv3d: expected 2 input channels .* got input \[1, 1, 3, 3, 3\]/,
  );
  expect(() => conv3d(cube, ones([1, 1, 2, 2]))).toThrow(
    /expected a weight \[O, C\/groups, KD, KH, KW\], got \[1, 1, 2, 2\]/,
  );
  expect(() => conv3d(cube, ones([1, 1, 4, 2, 2]))).toThrow(/is larger than the input \[1, 1, 3, 3, 3\]/);
  expect(() => conv3d(ones([3, 3]), ones([1, 1, 2, 2, 2]))).toThrow(
    /expected an input \[N, C, D, H, W\] or \[C, D, H, W\]/,
  );
  expect(() => convTranspose3d(cube, ones([1, 1, 2, 2, 2]), null, { outputPadding: 1 })).toThrow(
    /outputPadding 1 must be/,
  );
  expect(() => maxPool3d(cube, 4)).toThrow(/maxPool3d: input \[1, 1, 3, 3, 3\] is too small for kernel 4 × 4 × 4/);
  expect(() => maxPool3d(cube, [2, 2])).toThrow(/kernelSize must be a whole number of at least 1 or a list of 3/);
  expect(() => avgPool3d(cube, 4, { padding: 2 })).toThrow(/avgPool3d: input .* is smaller than kernel 4 × 4 × 4/);
  expect(() => adaptiveAvgPool3d(cube, [1, 1])).toThrow(/outputSize must be a whole number .* list of 3/);
  expect(() => maxUnpool3d(cube, zeros([1, 1, 3, 3, 3], { dtype: "int32" }), 2, { outputSize: [9, 6, 6] })).toThrow(
    /outputSize 9 must be within 1 of 6/,
  );
});
