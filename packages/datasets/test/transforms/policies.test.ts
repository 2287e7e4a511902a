import { manualSeed, stack } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { transforms } from "../../src/index.js";
import { colorful, counting, values } from "./images.js";

// Computed with PyTorch by torchvision's formulas, from seed 0 on.
describe("policies draw as PyTorch does", () => {
  it("RandAugment", () => {
    manualSeed(0);
    const augment = new transforms.RandAugment();
    expect(values(augment.forward(colorful))).toEqual([
      255, 0, 35, 25, 39, 60, 0, 142, 104, 202, 109, 0, 89, 77, 72, 66, 57, 57, 0, 2, 28, 255, 255, 0, 0, 0, 140,
    ]);
    for (let i = 0; i < 2; i++) expect(values(augment.forward(colorful))).toEqual(values(colorful));
    expect(values(augment.forward(colorful)).slice(0, 9)).toEqual([203, 28, 42, 50, 57, 64, 26, 114, 93]);
  });

  it("TrivialAugmentWide", () => {
    manualSeed(0);
    const augment = new transforms.TrivialAugmentWide();
    expect(new Set(values(augment.forward(colorful)))).toEqual(new Set([0])); // moved out of sight
    expect(values(augment.forward(colorful)).slice(0, 9)).toEqual([250, 0, 0, 40, 10, 0, 7, 50, 30]);
  });

  it("AutoAugment, by each of its policies", () => {
    manualSeed(0);
    const cifar = new transforms.AutoAugment("cifar10");
    expect(values(cifar.forward(colorful))).toEqual(values(colorful));
    expect(values(cifar.forward(colorful)).slice(0, 9)).toEqual([255, 3, 24, 34, 45, 55, 0, 126, 96]);
    expect(values(cifar.forward(colorful)).slice(0, 9)).toEqual([10, 30, 0, 50, 60, 0, 128, 99, 0]);
    manualSeed(0);
    expect(values(new transforms.AutoAugment("svhn").forward(colorful))).toEqual(values(colorful).map((v) => 255 - v));
    manualSeed(0);
    expect(values(new transforms.AutoAugment().forward(colorful))).toEqual(values(colorful));
  });

  it("AugMix", () => {
    manualSeed(0);
    const mix = new transforms.AugMix();
    expect(values(mix.forward(colorful)).slice(0, 9)).toEqual([246, 10, 29, 40, 49, 59, 7, 126, 97]);
    expect(values(mix.forward(colorful)).slice(0, 9)).toEqual([245, 12, 29, 39, 50, 59, 7, 127, 97]);
  });
});

describe("policies", () => {
  const all = [
    new transforms.RandAugment({ numOps: 3, magnitude: 20, interpolation: "bilinear" }),
    new transforms.TrivialAugmentWide(),
    new transforms.AutoAugment("imagenet", { fill: 0 }),
    new transforms.AutoAugment("cifar10", { fill: 0 }),
    new transforms.AutoAugment("svhn"),
    new transforms.AugMix({ severity: 10, alpha: 0.4, chainDepth: 2 }),
    new transforms.AugMix({ allOps: false }),
  ];

  it.each(all.map((transform) => [`${transform}`, transform] as const))(
    "%s keeps shape, type and range",
    (_, policy) => {
      manualSeed(1);
      for (const image of [colorful, stack([colorful, colorful]), counting(1, 5, 7), colorful.to("float32").div(255)]) {
        for (let i = 0; i < 20; i++) {
          const result = policy.forward(image);
          expect([result.shape, result.dtype]).toEqual([image.shape, image.dtype]);
          if (image.dtype === "float32") {
            expect(Math.min(...values(result))).toBeGreaterThanOrEqual(0);
            expect(Math.max(...values(result))).toBeLessThan(1 + 1e-6);
          }
        }
      }
    },
  );

  it("describe themselves", () => {
    expect(all.slice(0, 3).map(String)).toEqual([
      "RandAugment(num_ops=3, magnitude=20, num_magnitude_bins=31, interpolation=InterpolationMode.BILINEAR, fill=None)",
      "TrivialAugmentWide(num_magnitude_bins=31, interpolation=InterpolationMode.NEAREST, fill=None)",
      "AutoAugment(policy=AutoAugmentPolicy.IMAGENET, fill=0)",
    ]);
  });

  it.each([
    [() => new transforms.RandAugment({ magnitude: 31 }), /RandAugment: expected magnitude .*\(31\), got 31/],
    [() => new transforms.RandAugment({ numOps: -1 }), /RandAugment: expected numOps .* at least 0, got -1/],
    [() => new transforms.TrivialAugmentWide({ numMagnitudeBins: 1 }), /numMagnitudeBins .* at least 2, got 1/],
    [() => new transforms.AutoAugment("mnist" as "svhn"), /AutoAugment: expected a policy .* got "mnist"/],
    [() => new transforms.AugMix({ severity: 11 }), /AugMix: expected severity from 1 to 10, got 11/],
    [() => new transforms.AugMix({ alpha: 0 }), /AugMix: expected alpha .* got 0/],
    [() => new transforms.RandAugment({ fill: [1, 2] }).forward(counting(2, 3, 3)), /1 or 3 channels|one per channel/],
  ])("%s", (run, message) => {
    manualSeed(0);
    expect(run).toThrow(message);
  });
});
