import { manualSeed, tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { transforms } from "../../src/index.js";
import { counting, values } from "./images.js";

describe("ToTensor", () => {
  it("scales bytes to 0 … 1 and leaves floats alone", () => {
    const result = new transforms.ToTensor().forward(tensor([0, 51, 255], { dtype: "uint8" }).reshape([1, 1, 3]));
    expect(result.dtype).toBe("float32");
    expect(values(result)).toEqual([0, Math.fround(0.2), 1]);
    const float = counting(1, 2, 2, "float32");
    expect(new transforms.ToTensor().forward(float)).toBe(float);
  });

  it("refuses what is no image", () => {
    expect(() => new transforms.ToTensor().forward(tensor([1, 2]))).toThrow(/\[channels, height, width\], got \[2\]/);
  });
});

describe("Normalize", () => {
  it("subtracts the mean and divides by the deviation, per channel", () => {
    const result = new transforms.Normalize([1, 2], [2, 4]).forward(counting(2, 1, 2, "float32"));
    expect(values(result)).toEqual([-0.5, 0, 0, 0.25]);
  });

  it("refuses bytes, another number of channels, and a deviation of zero", () => {
    expect(() => new transforms.Normalize([0.5], [0.5]).forward(counting(1, 2, 2))).toThrow(/put ToTensor before it/);
    expect(() => new transforms.Normalize([0, 0], [1, 1]).forward(counting(3, 2, 2, "float32"))).toThrow(
      /shape \[2, height, width\]/,
    );
    expect(() => new transforms.Normalize([0], [0])).toThrow(/divide by zero/);
    expect(() => new transforms.Normalize([0, 1], [1])).toThrow(/as many/);
  });
});

describe("Pad", () => {
  const row = counting(1, 1, 4);
  it.each([
    ["constant", [9, 9, 0, 1, 2, 3, 9]],
    ["edge", [0, 0, 0, 1, 2, 3, 3]],
    ["reflect", [2, 1, 0, 1, 2, 3, 2]],
    ["symmetric", [1, 0, 0, 1, 2, 3, 3]],
  ] as const)("in mode %s", (paddingMode, expected) => {
    const pad = new transforms.Pad([2, 0, 1, 0], { fill: 9, paddingMode });
    expect(values(pad.forward(row))).toEqual(expected);
  });

  it("takes a fill per channel", () => {
    const padded = new transforms.Pad([1, 0, 0, 0], { fill: [7, 8] }).forward(counting(2, 1, 1));
    expect(values(padded)).toEqual([7, 0, 8, 1]);
  });

  it("refuses a mirror that is larger than the image, and senseless options", () => {
    expect(() => new transforms.Pad(4, { paddingMode: "reflect" }).forward(row)).toThrow(
      /reflect padding of 4 does not fit/,
    );
    expect(() => new transforms.Pad([1, 2, 3])).toThrow(/\[left, top, right, bottom\]/);
    expect(() => new transforms.Pad(-1)).toThrow(/none negative/);
    expect(() => new transforms.Pad([1, 0], { fill: [1, 2] }).forward(row)).toThrow(/one per channel \(1\), got 2/);
  });
});

describe("CenterCrop", () => {
  it("puts an odd margin where PyTorch puts it", () => {
    expect(values(new transforms.CenterCrop([1, 2]).forward(counting(1, 1, 5)))).toEqual([2, 3]);
    expect(values(new transforms.CenterCrop([1, 2]).forward(counting(1, 1, 3)))).toEqual([0, 1]);
  });

  it("pads a smaller image with zeros", () => {
    expect(
      values(new transforms.CenterCrop([1, 4]).forward(tensor([5], { dtype: "uint8" }).reshape([1, 1, 1]))),
    ).toEqual([0, 5, 0, 0]);
  });
});

describe("random transforms draw as PyTorch does", () => {
  // Top, left and flip of four images after seed 0, computed with PyTorch.
  const expected: [number, number, boolean][] = [
    [8, 0, true],
    [6, 7, false],
    [7, 1, true],
    [0, 8, true],
  ];

  it("crop, then flip", () => {
    manualSeed(0);
    const image = counting(1, 32, 32, "float32");
    const random = new transforms.Compose([
      new transforms.RandomCrop(32, { padding: 4, fill: -1 }),
      new transforms.RandomHorizontalFlip(),
    ]);
    const { functional } = transforms;
    for (const [top, left, flip] of expected) {
      const cropped = functional.crop(functional.pad(image, 4, { fill: -1 }), top, left, 32, 32);
      expect(values(random.forward(image))).toEqual(values(flip ? functional.hflip(cropped) : cropped));
    }
  });

  it("an image that has the size already costs no draw", () => {
    manualSeed(0);
    const image = counting(1, 4, 4);
    expect(new transforms.RandomCrop(4).forward(image)).toBe(image);
    const cropped = values(new transforms.RandomCrop([4, 2]).forward(image));
    manualSeed(0);
    expect(values(new transforms.RandomCrop([4, 2]).forward(image))).toEqual(cropped);
  });
});

describe("RandomCrop", () => {
  it("refuses an image that is too small, unless it may pad", () => {
    expect(() => new transforms.RandomCrop(5).forward(counting(1, 4, 4))).toThrow(
      /at least \[5, 5\], got \[4, 4\]; set padding/,
    );
    expect(new transforms.RandomCrop(5, { padIfNeeded: true }).forward(counting(1, 4, 4)).shape).toEqual([1, 5, 5]);
  });
});

describe("flips", () => {
  it("mirror whole words of bytes as single bytes", () => {
    for (const width of [3, 8, 32]) {
      const image = counting(2, 3, width);
      const expected = values(image.reshape([6, width])).map((_, i) => i - (i % width) + (width - 1 - (i % width)));
      expect(values(transforms.functional.hflip(image))).toEqual(expected);
      expect(values(transforms.functional.hflip(counting(2, 3, width, "float32")))).toEqual(expected);
    }
  });

  it("happen always with probability 1 and never with 0", () => {
    const image = counting(1, 2, 2);
    expect(values(new transforms.RandomHorizontalFlip(1).forward(image))).toEqual([1, 0, 3, 2]);
    expect(values(new transforms.RandomVerticalFlip(1).forward(image))).toEqual([2, 3, 0, 1]);
    expect(new transforms.RandomHorizontalFlip(0).forward(image)).toBe(image);
    expect(() => new transforms.RandomHorizontalFlip(1.5)).toThrow(/from 0 to 1/);
  });
});

describe("Resize", () => {
  it("averages over all merged pixels when it shrinks bytes", () => {
    const image = tensor([0, 100, 200, 40], { dtype: "uint8" }).reshape([1, 1, 4]);
    // Weights of the widened triangle: (0.75, 0.75, 0.25) / 1.75 and its mirror image, a fixed-point value rounded.
    const first = Math.round((0 * 3 + 100 * 3 + 200) / 7);
    const second = Math.round((100 + 200 * 3 + 40 * 3) / 7);
    expect(values(new transforms.Resize([1, 2]).forward(image))).toEqual([first, second]);
  });

  it("makes a single number the shorter edge", () => {
    expect(new transforms.Resize(8).forward(counting(1, 4, 6)).shape).toEqual([1, 8, 12]);
    expect(new transforms.Resize(8).forward(counting(1, 6, 4)).shape).toEqual([1, 12, 8]);
    expect(new transforms.Resize(8, { maxSize: 10 }).forward(counting(1, 4, 6)).shape).toEqual([1, 6, 10]);
  });

  it("keeps a constant image constant, up and down", () => {
    const flat = tensor(new Array(3 * 35).fill(201), { dtype: "uint8" }).reshape([3, 5, 7]);
    for (const size of [
      [2, 3],
      [11, 20],
      [5, 3],
    ]) {
      expect(new Set(values(new transforms.Resize(size).forward(flat)))).toEqual(new Set([201]));
    }
  });

  it("refuses senseless options", () => {
    expect(() => new transforms.Resize(0)).toThrow(/positive integer/);
    expect(() => new transforms.Resize(8, { maxSize: 8 })).toThrow(/larger/);
    expect(() => new transforms.Resize([8, 8], { maxSize: 9 })).toThrow(/one number/);
  });
});

describe("Grayscale", () => {
  it("weighs the colours, in one channel or three", () => {
    const image = tensor([255, 10, 0, 20, 0, 30], { dtype: "uint8" }).reshape([3, 1, 2]);
    expect(values(new transforms.Grayscale().forward(image))).toEqual([76, 18]);
    expect(values(new transforms.Grayscale(3).forward(image))).toEqual([76, 18, 76, 18, 76, 18]);
    expect(() => new transforms.Grayscale().forward(counting(2, 2, 2))).toThrow(/1 or 3 channels, got 2/);
  });
});

describe("ConvertImageDtype", () => {
  it("goes between bytes and floats and back", () => {
    const bytes = tensor([0, 1, 128, 255], { dtype: "uint8" }).reshape([1, 2, 2]);
    const floats = new transforms.ConvertImageDtype("float32").forward(bytes);
    expect(values(floats)[3]).toBe(1);
    expect(values(new transforms.ConvertImageDtype("uint8").forward(floats))).toEqual([0, 1, 128, 255]);
  });
});

describe("conversion", () => {
  const { functional } = transforms;
  it("keeps black and white between integers of all sizes", () => {
    const bytes = tensor([0, 1, 255], { dtype: "uint8" });
    expect(values(functional.convertImageDtype(bytes, "int16"))).toEqual([0, 128, 255 * 128]);
    expect(values(functional.convertImageDtype(bytes, "int8"))).toEqual([0, 0, 127]);
    const wide = tensor([0, 127, 128, 32767], { dtype: "int16" });
    expect(values(functional.convertImageDtype(wide, "uint8"))).toEqual([0, 0, 1, 255]);
    expect(values(functional.convertImageDtype(wide, "float64"))[3]).toBe(1);
    expect(values(functional.convertImageDtype(tensor([0, 0.5, 1]), "int8"))).toEqual([0, 63, 127]);
  });

  it("refuses what would lose digits, and bools", () => {
    expect(() => functional.convertImageDtype(tensor([0.5]), "int32")).toThrow(/float32 cannot hold all of int32/);
    expect(() => new transforms.ConvertImageDtype("bool")).toThrow(
      /expected a floating-point or integer type, got bool/,
    );
    expect(() => functional.convertImageDtype(tensor([true]), "float32")).toThrow(/got bool/);
  });

  it("goes number by number in ToDtype, unless it is to scale", () => {
    const bytes = tensor([0, 51], { dtype: "uint8" });
    expect(new transforms.ToDtype("float32").forward(bytes).toArray()).toEqual([0, 51]);
    expect(new transforms.ToDtype("float64", { scale: true }).forward(bytes).toArray()).toEqual([0, 0.2]);
    expect(functional.toDtype(bytes, "int32").dtype).toBe("int32");
    expect(`${new transforms.ToDtype("float32", { scale: true })}`).toBe("ToDtype(scale=True)");
  });
});

describe("LinearTransformation", () => {
  const matrix = tensor([
    [0, 1],
    [2, 0],
  ]);
  const whiten = new transforms.LinearTransformation(matrix, tensor([1, 1]));

  it("multiplies flat images without their mean by a matrix", () => {
    const images = counting(2, 1, 2, "float32").reshape([2, 1, 1, 2]);
    expect(whiten.forward(images).toArray()).toEqual([[[[0, -1]]], [[[4, 1]]]]);
    expect(`${whiten}`).toBe("LinearTransformation(transformation_matrix=[[0,1],[2,0]], (mean_vector=[1,1]))");
  });

  it("refuses a matrix that is not square, and what does not fit it", () => {
    expect(() => new transforms.LinearTransformation(tensor([[1, 2]]), tensor([1]))).toThrow(
      /square matrix .* \[1, 2\]/,
    );
    expect(() => whiten.forward(counting(1, 2, 2, "float32"))).toThrow(/images of 2 numbers, .* got \[1, 2, 2\]/);
    expect(() => whiten.forward(counting(1, 1, 2))).toThrow(/floating-point image, got uint8/);
  });
});

describe("descriptions", () => {
  it("are those of torchvision", () => {
    const compose = new transforms.Compose([
      new transforms.RandomCrop(32, { padding: 4 }),
      new transforms.RandomHorizontalFlip(),
      new transforms.Resize([16, 16]),
      new transforms.ToTensor(),
      new transforms.Normalize([0.5, 0.5, 0.5], [0.5, 0.5, 0.5]),
    ]);
    expect(`${compose}`).toBe(`Compose(
    RandomCrop(size=(32, 32), padding=4)
    RandomHorizontalFlip(p=0.5)
    Resize(size=[16, 16], interpolation=bilinear, max_size=None, antialias=True)
    ToTensor()
    Normalize(mean=[0.5, 0.5, 0.5], std=[0.5, 0.5, 0.5])
)`);
    expect(`${new transforms.CenterCrop(24)} ${new transforms.RandomCrop(8)}`).toBe(
      "CenterCrop(size=(24, 24)) RandomCrop(size=(8, 8), padding=None)",
    );
  });
});
