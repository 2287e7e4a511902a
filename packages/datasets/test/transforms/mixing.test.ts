import { arange, manualSeed, type Tensor, tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { DataLoader, defaultCollate, TensorDataset, transforms } from "../../src/index.js";
import { values } from "./images.js";

const images = arange(8, { dtype: "float32" }).reshape([2, 1, 2, 2]);
const labels = tensor([0, 1]);

describe("MixUp", () => {
  it("mixes each image and label with the one before it, by PyTorch's draw", () => {
    manualSeed(0);
    const [mixed, shares] = new transforms.MixUp({ numClasses: 2 }).forward(images, labels);
    const share = 0.8637616;
    for (const [i, value] of [0.5449536, 1.5449536, 2.5449536, 3.5449536, 3.4550464].entries()) {
      expect(values(mixed)[i]).toBeCloseTo(value, 5);
    }
    expect(shares.dtype).toBe("float32");
    for (const [i, value] of [share, 1 - share, 1 - share, share].entries()) {
      expect(values(shares)[i]).toBeCloseTo(value, 6);
    }
  });

  it("takes labels that are shares already", () => {
    manualSeed(0);
    const hot = tensor(
      [
        [1, 0],
        [0, 1],
      ],
      { dtype: "float64" },
    );
    const [, shares] = new transforms.MixUp().forward([images, hot]);
    expect([shares.dtype, shares.shape]).toEqual(["float64", [2, 2]]);
    expect(values(shares)[0]).toBeCloseTo(0.8637616, 6);
  });

  it("refuses bytes", () => {
    expect(() => new transforms.MixUp({ numClasses: 2 }).forward(images.to("uint8"), labels)).toThrow(
      /MixUp: expected floating-point images, got uint8/,
    );
  });
});

describe("CutMix", () => {
  it("pastes a rectangle of the image before, by PyTorch's draws, and mixes the labels by area", () => {
    manualSeed(0);
    const cutMix = new transforms.CutMix({ numClasses: 3 });
    const bytes = arange(32, { dtype: "uint8" }).reshape([2, 1, 4, 4]);
    const before = values(bytes);
    const results = [cutMix.forward(bytes, labels), cutMix.forward(bytes, labels)];
    expect(results.map(([mixed]) => mixed.dtype)).toEqual(["uint8", "uint8"]);
    for (const [mixed, shares] of results) {
      const pasted = values(mixed).filter((value, i) => value !== before[i]).length;
      expect(values(shares)[0]).toBeCloseTo(1 - pasted / 32, 6);
      expect(values(shares)[1]).toBeCloseTo(pasted / 32, 6);
    }
    expect(values(bytes)).toEqual(before);
    expect(results.map(([mixed]) => values(mixed).slice(0, 8))).toEqual([
      [0, 1, 2, 3, 4, 5, 6, 7],
      [0, 17, 18, 3, 4, 21, 22, 7],
    ]);
  });
});

describe("mixing of batches", () => {
  it("stands behind the collation of a loader", () => {
    const data = new TensorDataset(images, labels);
    const mixUp = new transforms.MixUp({ numClasses: 2 });
    manualSeed(0);
    const loader = new DataLoader(data, {
      batchSize: 2,
      collate: (samples) => mixUp.forward(defaultCollate(samples) as [Tensor, Tensor]),
    });
    const [[mixed, shares] = []] = [...loader];
    expect([mixed?.shape, shares?.shape]).toEqual([
      [2, 1, 2, 2],
      [2, 2],
    ]);
  });

  it("names what it cannot mix", () => {
    const { CutMix, MixUp } = transforms;
    expect(() => new MixUp().forward(images, labels)).toThrow(/MixUp: labels that are numbers need \{ numClasses \}/);
    expect(() => new CutMix({ numClasses: 2 }).forward(images.select(0, 0), labels)).toThrow(
      /CutMix: expected images \[batch, C, H, W\] .* got \[1, 2, 2\] and \[2\]/,
    );
    expect(() =>
      new CutMix({ numClasses: 3 }).forward(
        images,
        tensor([
          [1, 0],
          [0, 1],
        ]),
      ),
    ).toThrow(/3 classes/);
    expect(() => new MixUp({ alpha: 0 })).toThrow(/MixUp: expected alpha .* got 0/);
    expect(() => new MixUp({ numClasses: 1.5 })).toThrow(/MixUp: expected numClasses/);
    expect(() => new MixUp().forward(images as never)).toThrow(/MixUp: expected images and labels, both tensors/);
    expect(`${new CutMix({ numClasses: 4 })}`).toBe("CutMix(alpha=1, num_classes=4)");
  });
});
