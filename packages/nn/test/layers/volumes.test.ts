import "@kindling/autograd";
import { arange, ones, randn, type Tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import * as nn from "../../src/index.js";

const cube = (): Tensor => arange(27, { dtype: "float32" }).reshape([1, 1, 3, 3, 3]);

describe("layers over volumes", () => {
  it("convolve, in every padding mode", () => {
    for (const paddingMode of ["zeros", "reflect", "replicate", "circular"] as const) {
      const layer = new nn.Conv3d(1, 2, 3, { padding: 1, paddingMode });
      nn.init.ones_(layer.weight);
      const total = layer
        .forward(ones([1, 1, 3, 3, 3]))
        .sub(layer.bias?.reshape([2, 1, 1, 1]) ?? 0)
        .sum()
        .item();
      // 7 = 2 + 3 + 2 elements of a row are no padding.
      expect(total).toBeCloseTo(2 * (paddingMode === "zeros" ? 7 ** 3 : 27 * 27), 1);
    }
    expect(new nn.Conv3d(4, 6, [1, 2, 3], { groups: 2, stride: 2 }).forward(randn([4, 3, 4, 5])).shape).toEqual([
      6, 2, 2, 2,
    ]);
    const transposed = new nn.ConvTranspose3d(4, 6, 3, { stride: 2, groups: 2 });
    expect(transposed.weight.shape).toEqual([4, 3, 3, 3, 3]);
    expect(transposed.forward(randn([1, 4, 2, 3, 4]), [6, 7, 10]).shape).toEqual([1, 6, 6, 7, 10]);
  });

  it("pool", () => {
    expect(new nn.MaxPool3d(2, { stride: 1 }).forward(cube()).flatten().toArray()).toEqual([
      13, 14, 16, 17, 22, 23, 25, 26,
    ]);
    const { values, indices } = new nn.MaxPool3d(3, { returnIndices: true }).forward(cube());
    expect([values.item(), indices.item()]).toEqual([26, 26]);
    expect(new nn.MaxUnpool3d(3).forward(values, indices).sum().item()).toBe(26);
    expect(new nn.AvgPool3d(3, { divisorOverride: 13 }).forward(cube()).item()).toBe(27);
    expect(new nn.AdaptiveAvgPool3d(1).forward(cube()).item()).toBe(13);
    expect(new nn.AdaptiveMaxPool3d([1, null, 1]).forward(cube()).flatten().toArray()).toEqual([20, 23, 26]);
    expect(new nn.LPPool3d(1, 3).forward(cube()).item()).toBeCloseTo(351, 3);
  });

  it("let gradients through", () => {
    const model = new nn.Sequential(new nn.Conv3d(1, 2, 2), new nn.MaxPool3d(2), new nn.Flatten());
    const x = cube().requiresGrad_();
    model.forward(x).sum().backward();
    expect(x.grad?.shape).toEqual([1, 1, 3, 3, 3]);
    for (const parameter of model.parameters()) expect(parameter.grad?.shape).toEqual(parameter.shape);
  });
});

describe("Upsample", () => {
  const image = (): Tensor => arange(4, { dtype: "float32" }).reshape([1, 1, 2, 2]);

  it("passes its options on", () => {
    expect(new nn.Upsample({ scaleFactor: 2 }).forward(image()).select(2, 0).toArray()).toEqual([[[0, 0, 1, 1]]]);
    const corners = new nn.Upsample({ size: [2, 3], mode: "bilinear", alignCorners: true });
    expect(corners.forward(image()).toArray()).toEqual([[[[0, 0.5, 1], [2, 2.5, 3]]]]); // biome-ignore format: a matrix
    const recomputed = new nn.Upsample({ scaleFactor: 1.25, mode: "nearest", recomputeScaleFactor: true });
    expect(recomputed.forward(image()).shape).toEqual([1, 1, 2, 2]);
  });

  it("has PyTorch's two short forms", () => {
    expect(new nn.UpsamplingNearest2d({ size: 4 }).forward(image()).shape).toEqual([1, 1, 4, 4]);
    const bilinear = new nn.UpsamplingBilinear2d({ scaleFactor: 1.5 }).forward(image());
    expect(bilinear.toArray()).toEqual([[[[0, 0.5, 1], [1, 1.5, 2], [2, 2.5, 3]]]]); // biome-ignore format: a matrix
  });
});
