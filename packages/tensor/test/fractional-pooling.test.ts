import { describe, expect, it } from "vitest";
import { arange, fractionalMaxPool2d, fractionalMaxPool3d, manualSeed, ones, rand, tensor } from "../src/index.js";

const image = arange(48, { dtype: "float32" }).reshape(1, 2, 4, 6).sin();
const volume = arange(96, { dtype: "float32" }).reshape(1, 2, 2, 4, 6).sin();

describe("fractionalMaxPool2d and fractionalMaxPool3d", () => {
  it("draw the windows that PyTorch draws after the same seed", () => {
    manualSeed(0);
    const flat = fractionalMaxPool2d(image, 2, { outputSize: [2, 3], returnIndices: true });
    expect([...flat.indices.toTypedArray()]).toEqual([1, 8, 10, 13, 14, 22, 1, 9, 10, 13, 15, 22]);
    const one = fractionalMaxPool2d(image.select(0, 0), [2, 3], { outputRatio: [0.6, 0.5], returnIndices: true });
    expect([...one.indices.toTypedArray()]).toEqual([8, 8, 9, 14, 14, 21, 2, 9, 9, 14, 15, 15]);
    manualSeed(0);
    const solid = fractionalMaxPool3d(volume, [1, 2, 2], { outputSize: [1, 2, 3], returnIndices: true });
    expect([...solid.indices.toTypedArray()]).toEqual([25, 33, 34, 37, 39, 46, 30, 27, 29, 42, 44, 41]);
    expect(solid.values.equal(volume.flatten(2).gather(2, solid.indices.flatten(2)).reshape(1, 2, 1, 2, 3))).toBe(true);
  });

  it("take the samples that they are given: width before height, but depth, height, width", () => {
    const samples = tensor([
      [
        [0.1, 0.9],
        [0.5, 0.3],
      ],
    ]);
    const flat = fractionalMaxPool2d(image, 2, { outputSize: [3, 4], randomSamples: samples, returnIndices: true });
    expect([...flat.indices.toTypedArray()]).toEqual([
      1, 8, 8, 10, 7, 14, 14, 16, 13, 14, 14, 22, 1, 9, 9, 10, 7, 9, 9, 16, 13, 15, 15, 22,
    ]);
    const x = arange(120, { dtype: "float32" }).reshape(1, 1, 5, 4, 6).sin();
    const solid = fractionalMaxPool3d(x, [1, 2, 2], {
      outputSize: [2, 2, 4],
      randomSamples: tensor([[[0.2, 0.1, 0.9]]]),
      returnIndices: true,
    });
    expect([...solid.indices.toTypedArray()]).toEqual([
      1, 8, 8, 10, 13, 14, 14, 22, 102, 103, 104, 101, 115, 115, 116, 113,
    ]);
  });

  it("take strided inputs, float64, no images at all, and windows that just fit", () => {
    const samples = rand([1, 2, 2], { dtype: "float64" });
    const x = image.to("float64");
    const options = { outputSize: 2, randomSamples: samples };
    const strided = x.transpose(2, 3).contiguous().transpose(2, 3);
    expect(fractionalMaxPool2d(strided, 2, options).equal(fractionalMaxPool2d(x, 2, options))).toBe(true);
    expect(fractionalMaxPool2d(image.narrow(0, 0, 0), 1, { outputSize: 2 }).shape).toEqual([0, 2, 2, 2]);
    expect(fractionalMaxPool2d(image, 1, { outputSize: [4, 6] }).equal(image)).toBe(true);
    expect(fractionalMaxPool2d(image, 2, { outputSize: 1 }).shape).toEqual([1, 2, 1, 1]);
  });

  it("name what does not fit", () => {
    expect(() => fractionalMaxPool2d(image, 3, { outputSize: [3, 4] })).toThrow(
      /3 windows of size 3 do not fit into dimension -2 of input \[1, 2, 4, 6\]/,
    );
    expect(() => fractionalMaxPool3d(volume, 1, { outputSize: 2 })).toThrow(/do not fit into dimension -3/);
    expect(() => fractionalMaxPool2d(image, 2, {})).toThrow(/give outputSize or outputRatio/);
    expect(() => fractionalMaxPool2d(image, 2, { outputSize: 2, randomSamples: ones([1, 2, 3]) })).toThrow(
      /expected randomSamples \[1, 2, 2\]/,
    );
  });
});
