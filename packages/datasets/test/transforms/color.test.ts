import { manualSeed, type Tensor, tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { transforms } from "../../src/index.js";
import { colorful, counting, values } from "./images.js";

const { functional } = transforms;

// Computed with PyTorch by torchvision's formulas for tensors.
const expected: [name: string, change: (image: Tensor) => Tensor, bytes: number[], firstFloats: number[]][] = [
  [
    "adjustBrightness",
    (image) => functional.adjustBrightness(image, 1.3),
    [255, 13, 39, 52, 65, 78, 9, 166, 128, 255, 130, 0, 116, 104, 91, 78, 79, 80, 6, 19, 32, 255, 255, 3, 1, 2, 166],
    [1, 0.0509804, 0.1529412, 0.2039216],
  ],
  [
    "adjustContrast",
    (image) => functional.adjustContrast(image, 1.7),
    [255, 0, 0, 13, 30, 47, 0, 163, 113, 255, 115, 0, 98, 81, 64, 47, 49, 51, 0, 0, 0, 255, 255, 0, 0, 0, 163],
    [1, 0, 0, 0.0518501],
  ],
  [
    "adjustSaturation",
    (image) => functional.adjustSaturation(image, 0.4),
    [215, 41, 18, 71, 74, 59, 25, 95, 87, 195, 77, 6, 91, 86, 63, 46, 68, 72, 117, 43, 16, 157, 155, 36, 22, 45, 99],
    [0.8455569, 0.1648604, 0.0748635, 0.2835827],
  ],
  [
    "adjustHue",
    (image) => functional.adjustHue(image, 0.2),
    [6, 10, 30, 248, 254, 3, 1, 43, 128, 250, 77, 11, 40, 50, 70, 54, 128, 62, 5, 100, 0, 255, 244, 26, 60, 2, 78],
    [0.0235298, 0.0392157, 0.1176471, 0.9725491],
  ],
  [
    "adjustGamma",
    (image) => functional.adjustGamma(image, 2.2),
    [245, 0, 2, 4, 7, 10, 0, 56, 31, 150, 32, 0, 25, 19, 14, 10, 11, 11, 0, 0, 1, 255, 253, 0, 0, 0, 56],
    [0.9573696, 0.0008047, 0.0090215, 0.0169881],
  ],
  [
    "adjustSharpness",
    (image) => functional.adjustSharpness(image, 2.5),
    [250, 10, 30, 40, 24, 60, 7, 128, 99, 200, 100, 0, 90, 80, 70, 60, 61, 62, 5, 15, 25, 255, 255, 3, 1, 2, 128],
    [0.9803922, 0.0392157, 0.1176471, 0.1568627, 0.0947209],
  ],
  [
    "posterize",
    (image) => functional.posterize(image, 3),
    [224, 0, 0, 32, 32, 32, 0, 128, 96, 192, 96, 0, 64, 64, 64, 32, 32, 32, 0, 0, 0, 224, 224, 0, 0, 0, 128],
    [0.875, 0, 0, 0.125],
  ],
  [
    "solarize",
    (image) => functional.solarize(image, image.dtype === "uint8" ? 100 : 0.4),
    [5, 10, 30, 40, 50, 60, 7, 127, 99, 55, 155, 0, 90, 80, 70, 60, 61, 62, 5, 15, 25, 0, 1, 3, 1, 2, 127],
    [0.0196078, 0.0392157, 0.1176471],
  ],
  [
    "autocontrast",
    (image) => functional.autocontrast(image),
    [255, 3, 24, 34, 45, 55, 0, 126, 96, 255, 127, 0, 114, 102, 89, 76, 77, 79, 4, 14, 24, 255, 253, 2, 0, 1, 127],
    [1, 0.0123457, 0.0946502, 0.1358025],
  ],
  [
    "gaussianBlur",
    (image) => functional.gaussianBlur(image, 3, [0.8, 1.1]),
    [84, 60, 40, 76, 68, 62, 53, 68, 80, 114, 89, 63, 97, 80, 63, 75, 72, 69, 149, 117, 79, 113, 97, 78, 146, 124, 99],
    [0.3283877, 0.2334511, 0.1578366, 0.2990716],
  ],
  [
    "rgbToGrayscale",
    (image) => functional.rgbToGrayscale(image),
    [192, 63, 11, 93, 90, 59, 37, 74, 80],
    [0.7556667, 0.2486235, 0.0463412, 0.3680627],
  ],
  ["invert", functional.invert, values(colorful).map((value) => 255 - value), [5 / 255, 245 / 255, 225 / 255]],
];

describe.each(expected)("%s", (_name, change, bytes, firstFloats) => {
  it("gives torchvision's bytes", () => {
    expect(values(change(colorful))).toEqual(bytes);
  });

  it.each(["float32", "float64"] as const)("gives its numbers in %s", (dtype) => {
    const result = change(colorful.to(dtype).div(255));
    expect(result.dtype).toBe(dtype);
    for (const [i, value] of firstFloats.entries()) expect(values(result)[i]).toBeCloseTo(value, 6);
  });

  it("treats each image of a batch by itself", () => {
    const dark = colorful.to("float32").mul(0.25).to("uint8");
    const batch = tensor([...values(colorful), ...values(dark)], { dtype: "uint8" }).reshape([1, 2, 3, 3, 3]);
    const result = change(batch);
    expect(result.shape.slice(0, 2)).toEqual([1, 2]);
    expect(values(result)).toEqual([...bytes, ...values(change(dark))]);
  });

  it("reads strided views and leaves the image as it was", () => {
    const before = values(colorful);
    const view = colorful.permute([0, 2, 1]);
    expect(values(change(view))).toEqual(values(change(view.clone().contiguous())));
    expect(values(colorful)).toEqual(before);
  });
});

describe("equalize", () => {
  it("spreads the values by torchvision's table", () => {
    const ramp = tensor(
      Array.from({ length: 1024 }, (_, i) => i % 64),
      { dtype: "uint8" },
    ).reshape([1, 32, 32]);
    const first = [0, 5, 11, 16, 21, 27, 32, 37, 43, 48, 53, 59, 64, 69, 75, 80, 85, 91, 96, 101, 107, 112, 117, 123];
    expect(values(functional.equalize(ramp)).slice(0, first.length)).toEqual(first);
    const floats = functional.equalize(ramp.to("float32").div(255));
    expect(values(floats)[3]).toBeCloseTo(16 / 255, 6);
  });

  it("leaves a plane of one value, or of few pixels, alone", () => {
    const flat = tensor(new Array(1024).fill(7), { dtype: "uint8" }).reshape([1, 32, 32]);
    expect(values(functional.equalize(flat))).toEqual(values(flat));
    expect(values(functional.equalize(colorful))).toEqual(values(colorful));
  });
});

describe("colour functions", () => {
  it("keep the image at their neutral factors, and a gray one whatever the saturation and hue", () => {
    for (const image of [colorful, colorful.to("float64").div(255)]) {
      expect(values(functional.adjustBrightness(image, 1))).toEqual(values(image));
      expect(values(functional.adjustContrast(image, 1))).toEqual(values(image));
      expect(values(functional.adjustSaturation(image, 1))).toEqual(values(image));
      expect(values(functional.adjustSharpness(image, 1))).toEqual(values(image));
    }
    const gray = counting(1, 3, 3);
    expect(functional.adjustSaturation(gray, 3)).toBe(gray);
    expect(functional.adjustHue(gray, 0.3)).toBe(gray);
    expect(values(functional.autocontrast(tensor([7, 7], { dtype: "uint8" }).reshape([1, 1, 2])))).toEqual([7, 7]);
  });

  it("give all channels the gray of one where three are asked for", () => {
    const gray = counting(1, 2, 2);
    expect(values(functional.rgbToGrayscale(gray, 3))).toEqual([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]);
  });

  it("name what they were given and what they take", () => {
    expect(() => functional.adjustBrightness(colorful, -1)).toThrow(
      "adjustBrightness: expected brightnessFactor to be a number of at least 0, got -1",
    );
    expect(() => functional.adjustHue(colorful, 0.6)).toThrow(/adjustHue: expected hueFactor .* got 0.6/);
    expect(() => functional.adjustGamma(colorful, -1)).toThrow(/adjustGamma: expected gamma .* got -1/);
    expect(() => functional.adjustGamma(colorful, 1, Number.NaN)).toThrow(/adjustGamma: expected gain .* got NaN/);
    expect(() => functional.posterize(colorful, 9)).toThrow(/posterize: expected bits .* 0 to 8, got 9/);
    expect(() => functional.solarize(colorful, 256)).toThrow(/solarize: expected a threshold of at most 255/);
    expect(() => functional.solarize(colorful.to("float32"), 2)).toThrow(/at most 1 .* got 2/);
    expect(() => functional.gaussianBlur(colorful, 4)).toThrow(/gaussianBlur: expected an odd positive kernelSize/);
    expect(() => functional.gaussianBlur(colorful, 3, 0)).toThrow(/gaussianBlur: expected sigma .* got 0/);
    expect(() => functional.gaussianBlur(colorful, 7)).toThrow(/reflect padding of 3 does not fit .* size 3/);
    expect(() => functional.rgbToGrayscale(colorful, 2 as 1)).toThrow(/1 or 3 output channels, got 2/);
    expect(() => functional.invert(counting(2, 2, 2))).toThrow(/invert: expected an image with 1 or 3 channels, got 2/);
    expect(() => functional.equalize(colorful.to("int32"))).toThrow(
      /equalize: expected an image of uint8, float32, float64, got int32; put ConvertImageDtype/,
    );
    expect(() => functional.invert(tensor([1.5, 2]))).toThrow(
      /invert: expected .*\[channels, height, width\].* got \[2\]/,
    );
  });

  it("refuse an image that wants gradients rather than drop them", () => {
    const image = tensor([0.1, 0.2], { requiresGrad: true }).reshape([1, 1, 2]);
    expect(() => functional.invert(image)).toThrow(/invert: .* image\.detach\(\)/);
  });
});

describe("ColorJitter", () => {
  it("draws an order and four factors as PyTorch does", () => {
    manualSeed(0);
    const jitter = new transforms.ColorJitter(0.5, 0.5, 0.5, 0.3);
    expect(values(jitter.forward(colorful)).slice(0, 12)).toEqual([140, 10, 24, 25, 31, 40, 11, 76, 59, 106, 62, 8]);
    expect(values(jitter.forward(colorful)).slice(0, 12)).toEqual([138, 76, 6, 87, 93, 41, 45, 75, 65, 41, 71, 6]);
  });

  it("takes options, and draws nothing for what does not change", () => {
    manualSeed(0);
    const byName = values(new transforms.ColorJitter({ contrast: [0.5, 1.5] }).forward(colorful));
    manualSeed(0);
    expect(values(new transforms.ColorJitter(0, 0.5).forward(colorful))).toEqual(byName);
    expect(new transforms.ColorJitter().forward(colorful)).toBe(colorful);
  });

  it("describes itself and refuses ranges that make no sense", () => {
    expect(`${new transforms.ColorJitter({ brightness: 0.5, hue: 0.1 })}`).toBe(
      "ColorJitter(brightness=(0.5, 1.5), contrast=None, saturation=None, hue=(-0.1, 0.1))",
    );
    expect(() => new transforms.ColorJitter({ brightness: -1 })).toThrow(/ColorJitter: expected brightness .* got -1/);
    expect(() => new transforms.ColorJitter({ hue: [-0.6, 0.1] })).toThrow(/expected hue .* -0.5 and 0.5/);
    expect(() => new transforms.ColorJitter({ contrast: [2, 1] })).toThrow(/\[min, max\].* got \[2,1\]/);
  });
});

describe("GaussianBlur", () => {
  it("draws its deviation as PyTorch does", () => {
    manualSeed(0);
    const blur = new transforms.GaussianBlur(3, { sigma: [0.1, 2] });
    expect(values(blur.forward(colorful)).slice(0, 9)).toEqual([77, 64, 39, 73, 69, 61, 58, 66, 81]);
    expect(values(blur.forward(colorful)).slice(0, 9)).toEqual([67, 65, 40, 74, 72, 62, 60, 62, 78]);
    expect(`${blur}`).toBe("GaussianBlur(kernel_size=(3, 3), sigma=(0.1, 2.0))");
    expect(() => new transforms.GaussianBlur(3, [2, 1])).toThrow(/GaussianBlur: expected sigma .*\[min, max\]/);
  });
});

describe("transforms with a probability", () => {
  const draws = [true, false, true, true, true, false, true, false]; // of p = 0.5 after seed 0
  it.each([
    ["RandomInvert(p=0.5)", new transforms.RandomInvert(), functional.invert],
    ["RandomAutocontrast(p=0.5)", new transforms.RandomAutocontrast({ p: 0.5 }), functional.autocontrast],
    ["RandomGrayscale(p=0.5)", new transforms.RandomGrayscale(0.5), (x: Tensor) => functional.rgbToGrayscale(x, 3)],
    ["RandomPosterize(bits=2,p=0.5)", new transforms.RandomPosterize(2), (x: Tensor) => functional.posterize(x, 2)],
    [
      "RandomSolarize(threshold=90,p=0.5)",
      new transforms.RandomSolarize(90),
      (x: Tensor) => functional.solarize(x, 90),
    ],
    [
      "RandomAdjustSharpness(sharpness_factor=3,p=0.5)",
      new transforms.RandomAdjustSharpness(3, { p: 0.5 }),
      (x: Tensor) => functional.adjustSharpness(x, 3),
    ],
  ])("%s happens when one draw says so", (name, transform, change) => {
    manualSeed(0);
    expect(`${transform}`).toBe(name);
    for (const happens of draws) {
      const result = transform.forward(colorful);
      if (happens) expect(values(result)).toEqual(values(change(colorful)));
      else expect(result).toBe(colorful);
    }
  });

  it("check their options", () => {
    expect(() => new transforms.RandomInvert(2)).toThrow(/RandomInvert: expected a probability from 0 to 1, got 2/);
    expect(() => new transforms.RandomPosterize(-1)).toThrow(/RandomPosterize: expected bits/);
    expect(() => new transforms.RandomSolarize(Number.NaN)).toThrow(/RandomSolarize: expected threshold/);
    expect(`${new transforms.RandomEqualize({ p: 0.2 })} ${new transforms.RandomGrayscale()}`).toBe(
      "RandomEqualize(p=0.2) RandomGrayscale(p=0.1)",
    );
  });
});
