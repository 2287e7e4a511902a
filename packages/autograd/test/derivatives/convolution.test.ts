import {
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool3d,
  avgPool2d,
  avgPool3d,
  col2im,
  conv1d,
  conv2d,
  conv3d,
  convTranspose2d,
  convTranspose3d,
  gridSample,
  im2col,
  interpolate,
  maxPool2d,
  maxPool3d,
  type Tensor,
  tensor,
} from "@kindling/tensor";
import { expect, test } from "vitest";
import { grad, gradcheck } from "../../src/index.js";
import { checkTwice, seeded, variable } from "./check.js";

const cases: Record<string, [(...inputs: Tensor[]) => Tensor, () => Tensor[]]> = {
  "conv2d with padding": [
    (x, w, b) => conv2d(x, w, b, { padding: 1 }),
    () => [variable([2, 2, 3, 4]), variable([3, 2, 3, 3]), variable([3])],
  ],
  "conv2d with stride, dilation and groups": [
    (x, w) => conv2d(x, w, null, { stride: [2, 1], dilation: [1, 2], groups: 2, padding: [1, 0] }),
    () => [variable([1, 4, 4, 5]), variable([2, 2, 3, 2])],
  ],
  'conv2d with asymmetric padding "same"': [
    (x, w) => conv2d(x, w, null, { padding: "same" }),
    () => [variable([1, 1, 3, 3]), variable([1, 1, 2, 4])],
  ],
  "conv1d of one sample": [(x, w, b) => conv1d(x, w, b), () => [variable([2, 5]), variable([2, 2, 3]), variable([2])]],
  convTranspose2d: [
    (x, w, b) => convTranspose2d(x, w, b, { stride: 2, padding: 1, outputPadding: 1 }),
    () => [variable([1, 2, 2, 3]), variable([2, 2, 3, 3]), variable([2])],
  ],
  "convTranspose2d with more output than the step leaves open": [
    (x, w) => convTranspose2d(x, w, null, { dilation: 2, outputPadding: 1 }),
    () => [variable([1, 2, 2, 3]), variable([2, 1, 2, 2])],
  ],
  "conv3d with everything": [
    (x, w, b) => conv3d(x, w, b, { stride: [1, 2, 1], padding: [1, 0, 1], dilation: [2, 1, 1], groups: 2 }),
    () => [variable([1, 2, 3, 3, 2]), variable([2, 1, 2, 2, 2]), variable([2])],
  ],
  convTranspose3d: [
    (x, w) => convTranspose3d(x, w, null, { stride: [2, 1, 1], padding: [1, 0, 0], groups: 2 }),
    () => [variable([1, 2, 2, 2, 2]), variable([2, 1, 3, 1, 2])],
  ],
  "maxPool3d with overlapping windows": [
    (x) => maxPool3d(x, 2, { stride: 1, padding: [1, 0, 0] }),
    () => [variable([1, 1, 3, 3, 2])],
  ],
  "avgPool3d with a divisor": [(x) => avgPool3d(x, 2, { divisorOverride: 3 }), () => [variable([1, 1, 2, 3, 4])]],
  "adaptive pools of volumes": [
    (x) => adaptiveAvgPool3d(x, 2).add(adaptiveMaxPool3d(x, 2)),
    () => [variable([1, 1, 3, 2, 3])],
  ],
  "columns of windows": [(x) => im2col(x, 2, { padding: 1, stride: 2 }), () => [variable([1, 2, 3, 4])]],
  "images of columns": [(x) => col2im(x, [3, 4], 2, { padding: 1, dilation: 2 }), () => [variable([1, 4, 12])]],
  "bilinear interpolation": [(x) => interpolate(x, { size: [5, 2], mode: "bilinear" }), () => [variable([1, 2, 3, 4])]],
  "maxPool2d with overlapping windows": [
    (x) => maxPool2d(x, 3, { stride: 2, padding: 1 }),
    () => [variable([2, 1, 5, 4])],
  ],
  "avgPool2d that rounds up": [
    (x) => avgPool2d(x, 2, { stride: 2, padding: 1, ceilMode: true, countIncludePad: false }),
    () => [variable([1, 2, 4, 5])],
  ],
  "avgPool2d with a divisor": [(x) => avgPool2d(x, [2, 3], { divisorOverride: 5 }), () => [variable([1, 1, 4, 6])]],
  adaptiveAvgPool2d: [(x) => adaptiveAvgPool2d(x, [2, 3]), () => [variable([1, 2, 3, 5])]],
};

for (const [name, [fn, inputs]] of Object.entries(cases)) {
  test(
    `${name}: first and second derivatives equal central differences`,
    seeded(() => checkTwice(fn, inputs())),
  );
}

test("the gradient of a maximum goes to the first of equals", () => {
  const x = tensor(
    [
      [
        [
          [1, 1],
          [1, 1],
        ],
      ],
    ],
    { dtype: "float32", requiresGrad: true },
  );
  const [slope] = grad(maxPool2d(x, 2).sum(), [x]);
  expect(slope?.toArray()).toEqual([
    [
      [
        [1, 0],
        [0, 0],
      ],
    ],
  ]);
});

test("a frozen weight gets no gradient, its bias does", () => {
  const x = variable([1, 1, 3, 3]);
  const weight = variable([1, 1, 2, 2]).detach();
  const bias = variable([1]);
  const [forBias] = grad(conv2d(x, weight, bias).sum(), [bias]);
  expect(forBias?.toArray()).toEqual([4]);
  expect(weight.grad).toBeNull();
});

test.each(["bilinear", "nearest", "bicubic"] as const)(
  "gridSample has the derivatives that differences show: %s",
  (mode) => {
    seeded(() => {
      for (const paddingMode of ["zeros", "border", "reflection"] as const) {
        const sample = (x: Tensor, grid: Tensor): Tensor => gridSample(x, grid, { mode, paddingMode });
        gradcheck(sample as (...inputs: Tensor[]) => Tensor, [
          variable([1, 2, 3, 4]),
          variable([1, 2, 3, 2], -1.4, 1.4),
        ]);
      }
    })();
  },
);

test("gridSample reads its input for the gradient of the grid alone, and has no second derivative", () => {
  const [x, grid] = [variable([1, 1, 2, 2]), variable([1, 1, 1, 2])];
  expect(grad(gridSample(x, grid.detach()).sum(), [x])[0]?.shape).toEqual([1, 1, 2, 2]);
  expect(grad(gridSample(x.detach(), grid).sum(), [grid])[0]?.shape).toEqual([1, 1, 1, 2]);
  expect(() => grad(gridSample(x, grid).sum(), [x], { createGraph: true })).toThrow(/no second derivative/);
});
