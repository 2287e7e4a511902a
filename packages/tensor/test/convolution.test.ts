import { afterEach, describe, expect, test } from "vitest";
import {
  allclose,
  conv1d,
  conv2d,
  convTranspose1d,
  convTranspose2d,
  DTypeError,
  getConvolutionAlgorithm,
  manualSeed,
  ones,
  rand,
  ShapeError,
  setConvolutionAlgorithm,
  type Tensor,
  tensor,
  UsageError,
  zeros,
} from "../src/index.js";

afterEach(() => setConvolutionAlgorithm("auto"));

interface Geometry {
  stride: [number, number];
  padding: [number, number];
  dilation: [number, number];
  groups: number;
}

/** A convolution by nested loops. */
function naive(x: Tensor, weight: Tensor, g: Geometry): Tensor {
  const [n, c, h, w] = x.shape as [number, number, number, number];
  const [o, perGroup, kh, kw] = weight.shape as [number, number, number, number];
  const oh = Math.floor((h + 2 * g.padding[0] - g.dilation[0] * (kh - 1) - 1) / g.stride[0]) + 1;
  const ow = Math.floor((w + 2 * g.padding[1] - g.dilation[1] * (kw - 1) - 1) / g.stride[1]) + 1;
  const input = x.toTypedArray();
  const kernel = weight.toTypedArray();
  const out: number[] = [];
  for (let b = 0; b < n; b++)
    for (let k = 0; k < o; k++)
      for (let i = 0; i < oh; i++)
        for (let j = 0; j < ow; j++) {
          let total = 0;
          for (let q = 0; q < perGroup; q++)
            for (let u = 0; u < kh; u++)
              for (let v = 0; v < kw; v++) {
                const row = i * g.stride[0] + u * g.dilation[0] - g.padding[0];
                const column = j * g.stride[1] + v * g.dilation[1] - g.padding[1];
                if (row < 0 || row >= h || column < 0 || column >= w) continue;
                const channel = Math.floor(k / (o / g.groups)) * perGroup + q;
                const at = ((b * c + channel) * h + row) * w + column;
                total += (input[at] as number) * (kernel[((k * perGroup + q) * kh + u) * kw + v] as number);
              }
          out.push(total);
        }
  return tensor(out, { dtype: "float64" }).reshape([n, o, oh, ow]);
}

const geometries: [string, number[], number[], Partial<Geometry>][] = [
  ["plain", [2, 3, 7, 9], [4, 3, 3, 3], {}],
  ["padded", [1, 2, 5, 5], [3, 2, 5, 5], { padding: [2, 2] }],
  ["strided", [2, 2, 8, 9], [5, 2, 3, 2], { stride: [2, 3], padding: [1, 0] }],
  ["dilated", [1, 3, 9, 11], [2, 3, 3, 3], { dilation: [2, 3] }],
  ["grouped", [2, 6, 6, 5], [4, 3, 2, 3], { groups: 2, padding: [0, 2] }],
  ["depthwise", [1, 8, 10, 17], [8, 1, 3, 3], { groups: 8, padding: [1, 1] }],
  ["of one element", [3, 5, 1, 1], [7, 5, 1, 1], {}],
];

for (const dtype of ["float32", "float64"] as const) {
  test.each(geometries)(
    `a %s convolution of ${dtype} agrees with nested loops`,
    (_, inputShape, weightShape, given) => {
      manualSeed(3);
      setConvolutionAlgorithm("direct");
      const geometry: Geometry = { stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1, ...given };
      const x = rand(inputShape, { dtype });
      const weight = rand(weightShape, { dtype });
      const tolerance = dtype === "float32" ? { rtol: 1e-5, atol: 1e-5 } : { rtol: 1e-12, atol: 1e-12 };
      const result = conv2d(x, weight, null, geometry).to("float64");
      expect(allclose(result, naive(x, weight, geometry), tolerance)).toBe(true);
    },
  );
}

describe("conv2d", () => {
  test("adds the bias of each channel", () => {
    const y = conv2d(zeros([1, 1, 2, 2]), ones([2, 1, 1, 1]), tensor([1.5, -2]));
    expect(y.toArray()).toEqual([
      [
        [
          [1.5, 1.5],
          [1.5, 1.5],
        ],
        [
          [-2, -2],
          [-2, -2],
        ],
      ],
    ]);
  });

  test('padding "same" keeps the size, with the odd zero on the right', () => {
    const row = tensor([[[[1, 2, 3]]]], { dtype: "float32" });
    expect(conv2d(row, ones([1, 1, 1, 2]), null, { padding: "same" }).toArray()).toEqual([[[[3, 5, 3]]]]);
    expect(conv2d(row, ones([1, 1, 1, 2]), null, { padding: "valid" }).toArray()).toEqual([[[[3, 5]]]]);
  });

  test("takes one sample without a batch, an empty batch, and a strided input", () => {
    const weight = ones([2, 3, 3, 3]);
    expect(conv2d(zeros([3, 5, 5]), weight).shape).toEqual([2, 3, 3]);
    expect(conv2d(zeros([0, 3, 5, 5]), weight).shape).toEqual([0, 2, 3, 3]);
    const x = rand([2, 5, 6, 3]);
    const channelsLast = x.permute([0, 3, 1, 2]);
    expect(conv2d(channelsLast, weight).toArray()).toEqual(conv2d(channelsLast.contiguous(), weight).toArray());
  });

  test("auto and direct agree within the wider tolerance of auto", () => {
    manualSeed(5);
    const x = rand([2, 16, 16, 16]);
    const weight = rand([16, 16, 5, 5]).sub(0.5);
    setConvolutionAlgorithm("direct");
    const direct = conv2d(x, weight, null, { padding: 2 });
    setConvolutionAlgorithm("auto");
    const auto = conv2d(x, weight, null, { padding: 2 });
    expect(allclose(auto, direct, { rtol: 1e-4, atol: 1e-4 })).toBe(true);
  });

  test("the algorithm can be read, and an unknown one is refused", () => {
    expect(getConvolutionAlgorithm()).toBe("auto");
    setConvolutionAlgorithm("direct");
    expect(getConvolutionAlgorithm()).toBe("direct");
    expect(() => setConvolutionAlgorithm("fast" as "auto")).toThrow(UsageError);
  });

  test("names the channels, sizes and options that do not fit", () => {
    const weight = zeros([32, 3, 5, 5]);
    expect(() => conv2d(zeros([64, 4, 32, 32]), weight)).toThrow(
      "conv2d: expected 3 input channels for weight [32, 3, 5, 5], got input [64, 4, 32, 32]",
    );
    expect(() => conv2d(zeros([1, 3, 4, 4]), weight)).toThrow(/larger than the input \[1, 3, 4, 4\]/);
    expect(() => conv2d(zeros([3, 5]), weight)).toThrow(ShapeError);
    expect(() => conv2d(zeros([1, 3, 8, 8]), weight, zeros([3]))).toThrow(/expected a bias \[32\]/);
    expect(() => conv2d(zeros([1, 4, 5, 5]), zeros([3, 2, 3, 3]), null, { groups: 2 })).toThrow(/2 groups/);
    expect(() => conv2d(zeros([1, 3, 8, 8]), weight, null, { stride: 0 })).toThrow(UsageError);
    expect(() => conv2d(zeros([1, 3, 8, 8]), weight, null, { padding: -1 })).toThrow(UsageError);
    expect(() => conv2d(zeros([1, 3, 8, 8]), weight, null, { stride: 2, padding: "same" })).toThrow(/needs stride 1/);
    expect(() => conv2d(zeros([1, 3, 8, 8], { dtype: "float64" }), weight)).toThrow(DTypeError);
  });
});

test("conv1d slides over rows", () => {
  const x = tensor([[[1, 2, 3, 4]]], { dtype: "float32" });
  const weight = tensor([[[1, -1]]], { dtype: "float32" });
  expect(conv1d(x, weight, null, { dilation: 2, padding: 1 }).toArray()).toEqual([[[-2, -2, -2, 3]]]);
  expect(conv1d(x.squeeze(0), weight, null, { stride: 2 }).toArray()).toEqual([[-1, -1]]);
});

test("a transposed convolution is the transpose of the convolution", () => {
  manualSeed(2);
  const options = { stride: 2, padding: 1, groups: 2 };
  const x = rand([1, 4, 5, 7], { dtype: "float64" });
  const weight = rand([6, 2, 3, 3], { dtype: "float64" });
  const y = conv2d(x, weight, null, options);
  const direction = rand(y.shape, { dtype: "float64" });
  const back = convTranspose2d(direction, weight, null, options);
  expect(back.shape).toEqual(x.shape);
  expect(back.mul(x).sum().item()).toBeCloseTo(y.mul(direction).sum().item(), 10);
});

test("transposed convolutions spread their input, with output padding and bias", () => {
  const x = tensor([[[1, 2]]], { dtype: "float32" });
  const weight = ones([1, 1, 2]);
  const y = convTranspose1d(x, weight, tensor([0.5]), { stride: 2, outputPadding: 1 });
  expect(y.toArray()).toEqual([[[1.5, 1.5, 2.5, 2.5, 0.5]]]);
  expect(convTranspose2d(zeros([3, 4, 4]), zeros([3, 2, 3, 3])).shape).toEqual([2, 6, 6]);
  expect(() =>
    convTranspose2d(zeros([1, 3, 4, 4]), zeros([3, 2, 3, 3]), null, { stride: 2, outputPadding: 2 }),
  ).toThrow(/outputPadding 2 must be smaller/);
});
