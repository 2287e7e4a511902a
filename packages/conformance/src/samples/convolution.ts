import * as t from "@kindling/tensor";
import type { Sample, Samples } from "./sample.js";

/** Everything that makes a convolution hard at once: steps, unequal padding, gaps and groups. */
const geometry = { stride: [2, 1], padding: [1, 0], dilation: [1, 2], groups: 2 } as const;
const image = [1, 2, 4, 5] as const;
const weight = [4, 1, 3, 2] as const;
const result = [1, 4, 2, 3] as const;

const window = { kernelSize: [2, 2], stride: [2, 2], padding: [0, 0], dilation: [1, 1] } as const;
const average = { ...window, countIncludePad: true, divisorOverride: 0 } as const;
/** Where in its window each maximum of a 4×4 image stands. */
const codes = t.tensor(
  [
    [
      [
        [3, 0],
        [2, 1],
      ],
    ],
  ],
  { dtype: "uint8" },
);

const tooSmall = (call: (x: t.Tensor) => unknown, name: string): Sample["error"] => [
  () => call(t.ones([1, 1, 2, 2])),
  new RegExp(`^${name}: `),
];
const ofOne = (
  call: (x: t.Tensor) => t.Tensor,
  shape: readonly number[],
  error: Sample["error"],
  empty: Sample["empty"] = [[0, ...shape.slice(1)]],
): Sample => ({ call: call as Sample["call"], shapes: [shape], empty, error });

type Names =
  | "conv2d"
  | "conv2dBackwardInput"
  | "conv2dBackwardWeight"
  | "maxPool2d"
  | "maxPool2dBackward"
  | "avgPool2d"
  | "avgPool2dBackward"
  | "adaptiveAvgPool2d"
  | "adaptiveAvgPool2dBackward"
  | "resample"
  | "gridSample";

export const convolutionSamples = {
  conv2d: {
    call: (x, w, bias) => t.conv2d(x as t.Tensor, w as t.Tensor, bias as t.Tensor, geometry),
    shapes: [image, weight, [4]],
    empty: [[0, 2, 4, 5], weight, [4]],
    error: [
      () => t.conv2d(t.ones([1, 4, 8, 8]), t.ones([32, 3, 5, 5])),
      /^conv2d: expected 3 input channels for weight \[32, 3, 5, 5\], got input \[1, 4, 8, 8\]/,
    ],
  },
  conv2dBackwardInput: {
    call: (g, w) => t.conv2dBackwardInput(g as t.Tensor, w as t.Tensor, { ...geometry, inputShape: image }),
    shapes: [result, weight],
    empty: null,
    error: null,
  },
  conv2dBackwardWeight: {
    call: (g, x) => {
      const attributes = { ...geometry, weightShape: weight, withBias: true };
      const [ofWeight, ofBias] = t.conv2dBackwardWeight(g as t.Tensor, x as t.Tensor, attributes);
      return t.cat([ofWeight.flatten(), ofBias]);
    },
    shapes: [result, image],
    empty: null,
    error: null,
  },
  maxPool2d: ofOne(
    (x) => t.maxPool2d(x, [3, 2], { stride: 2, padding: 1, ceilMode: true }),
    [1, 2, 4, 5],
    tooSmall((x) => t.maxPool2d(x, 3), "maxPool2d"),
  ),
  maxPool2dBackward: ofOne(
    (g) => t.maxPool2dBackward(g, codes, { ...window, inputShape: [1, 1, 4, 4] }),
    [1, 1, 2, 2],
    null,
    null,
  ),
  avgPool2d: ofOne(
    (x) => t.avgPool2d(x, [3, 2], { stride: 2, padding: 1, countIncludePad: false }),
    [1, 2, 4, 5],
    tooSmall((x) => t.avgPool2d(x, 3), "avgPool2d"),
  ),
  avgPool2dBackward: ofOne(
    (g) => t.avgPool2dBackward(g, { ...average, inputShape: [1, 1, 4, 4] }),
    [1, 1, 2, 2],
    null,
    null,
  ),
  adaptiveAvgPool2d: ofOne(
    (x) => t.adaptiveAvgPool2d(x, [2, 3]),
    [1, 2, 5, 4],
    [() => t.adaptiveAvgPool2d(t.ones([1, 0, 2, 2]), 1), /^adaptiveAvgPool2d: only the batch may be empty/],
  ),
  adaptiveAvgPool2dBackward: ofOne(
    (g) => t.adaptiveAvgPool2dBackward(g, { inputShape: [1, 2, 5, 4] }),
    [1, 2, 2, 3],
    null,
    null,
  ),
  resample: ofOne(
    (x) => t.interpolate(x, { size: [3, 7], mode: "bicubic" }),
    [1, 2, 5, 4],
    [
      () => t.interpolate(t.ones([1, 2, 3]), { size: 2, mode: "bilinear" }),
      /^interpolate: mode "bilinear" takes inputs of 4/,
    ],
  ),
  gridSample: {
    call: (x, grid) => t.gridSample(x as t.Tensor, grid as t.Tensor, { paddingMode: "reflection" }),
    shapes: [
      [1, 2, 4, 5],
      [1, 2, 3, 2],
    ],
    empty: [
      [0, 2, 4, 5],
      [0, 2, 3, 2],
    ],
    derivatives: 1,
    error: [
      () => t.gridSample(t.ones([1, 1, 2, 2]), t.ones([1, 2, 2, 3])),
      /^gridSample: expected an input .* got \[1, 1, 2, 2\] and \[1, 2, 2, 3\]/,
    ],
  },
} satisfies Samples<Names>;
