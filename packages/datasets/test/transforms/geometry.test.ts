import { manualSeed, stack, tensor, zeros } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { transforms } from "../../src/index.js";
import { counting, values } from "./images.js";

const { functional } = transforms;
const image = counting(1, 4, 4);

describe("rotate", () => {
  it("turns counter-clockwise, to the nearest pixel", () => {
    expect(values(functional.rotate(image, 90))).toEqual([3, 7, 11, 15, 2, 6, 10, 14, 1, 5, 9, 13, 0, 4, 8, 12]);
    expect(values(functional.rotate(image, 30))).toEqual([0, 2, 3, 0, 0, 5, 6, 11, 4, 9, 10, 15, 0, 12, 13, 0]);
  });

  it("mixes four pixels and the fill where it is bilinear", () => {
    const result = functional.rotate(image, 30, { interpolation: "bilinear", fill: 100 });
    expect(values(result)).toEqual([55, 7, 4, 56, 2, 5, 7, 14, 9, 8, 10, 13, 57, 11, 17, 58]);
  });

  it("grows to hold all of the image", () => {
    const result = functional.rotate(image, 45, { expand: true, fill: 99 });
    expect(result.shape).toEqual([1, 6, 6]);
    expect(values(result).slice(6, 24)).toEqual([99, 99, 2, 7, 99, 99, 99, 1, 6, 10, 11, 99, 99, 4, 9, 10, 14, 99]);
  });

  it("turns around a given point, and all images of a batch alike", () => {
    expect(new Set(values(functional.rotate(image, 90, { center: [0, 0], fill: 50 })))).toEqual(new Set([50]));
    const batch = stack([image, image]);
    expect(values(functional.rotate(batch, 90)).slice(16)).toEqual(values(functional.rotate(image, 90)));
  });

  it("has a fill for each channel, in floating-point images too", () => {
    for (const dtype of ["uint8", "float32", "float64"] as const) {
      const colors = counting(3, 4, 4).to(dtype);
      const corner = values(functional.rotate(colors, 45, { fill: [7, 8, 9] })).filter((_, i) => i % 16 === 0);
      expect(corner).toEqual([7, 8, 9]);
    }
  });
});

describe("affine", () => {
  it("moves, turns, scales and shears", () => {
    expect(values(functional.affine(image, 0, [1, -1], 1, 0, { fill: 9 }))).toEqual([
      9, 4, 5, 6, 9, 8, 9, 10, 9, 12, 13, 14, 9, 9, 9, 9,
    ]);
    expect(values(functional.affine(image, 20, [1, 0], 1.2, [10, 5], { interpolation: "bilinear" }))).toEqual([
      0, 2, 2, 2, 3, 6, 6, 6, 8, 10, 9, 9, 9, 13, 13, 13,
    ]);
    expect(values(functional.affine(image, 0, [0, 0], 1, 30, { fill: 77, center: [0, 0] }))).toEqual([
      0, 1, 2, 3, 5, 6, 7, 77, 9, 10, 11, 77, 14, 15, 77, 77,
    ]);
  });
});

describe("perspective", () => {
  const corners = [
    [0, 0],
    [3, 0],
    [3, 3],
    [0, 3],
  ] as const;

  it("takes four points to four others", () => {
    const seen = functional.perspective(image, corners, [
      [1, 0],
      [3, 1],
      [3, 3],
      [0, 2],
    ]);
    expect(values(seen)).toEqual([1, 0, 0, 0, 5, 6, 5, 2, 11, 11, 10, 8, 6, 9, 12, 13]);
    expect(values(functional.perspective(image, corners, corners))).toEqual(values(image));
  });

  it("refuses points on a line", () => {
    expect(() =>
      functional.perspective(image, corners, [
        [0, 0],
        [1, 1],
        [2, 2],
        [3, 3],
      ]),
    ).toThrow(/perspective: no perspective takes .* one line/);
    expect(() => functional.perspective(image, corners.slice(1), corners)).toThrow(/startpoints to be four points/);
  });
});

describe("elasticTransform", () => {
  it("moves each pixel by its displacement", () => {
    const displacement = zeros([1, 4, 4, 2]);
    displacement.select(3, 0).fill_(0.5);
    expect(values(functional.elasticTransform(image, displacement))).toEqual([
      1, 2, 3, 0, 5, 6, 7, 0, 9, 10, 11, 0, 13, 14, 15, 0,
    ]);
    displacement.select(3, 1).fill_(0.25);
    expect(values(functional.elasticTransform(image, displacement, { fill: 200 }))).toEqual([
      3, 4, 5, 200, 7, 8, 9, 200, 11, 12, 13, 200, 103, 104, 104, 200,
    ]);
    expect(() => functional.elasticTransform(image, zeros([4, 4, 2]))).toThrow(/shape \[1, 4, 4, 2\], got \[4, 4, 2\]/);
  });
});

describe("resize", () => {
  it("interpolates bicubically, with and without antialiasing, and exactly to the nearest", () => {
    const bicubic = { interpolation: "bicubic" } as const;
    expect(values(functional.resize(image, [3, 5], bicubic))).toEqual([
      1, 1, 2, 3, 4, 6, 7, 8, 8, 9, 11, 12, 13, 14, 14,
    ]);
    expect(values(functional.resize(image, [3, 5], { ...bicubic, antialias: false }))).toEqual([
      0, 1, 2, 3, 4, 6, 7, 8, 8, 9, 11, 12, 13, 14, 15,
    ]);
    expect(values(functional.resize(image, [3, 3], { interpolation: "nearest-exact" }))).toEqual([
      0, 2, 3, 8, 10, 11, 12, 14, 15,
    ]);
    expect(() => functional.resize(image, 2, { interpolation: "cubic" as "bicubic" })).toThrow(
      /Resize: expected interpolation to be one of nearest, .* got "cubic"/,
    );
  });

  it("scales batches", () => {
    const batch = stack([image, image.add(100).to("uint8")]).reshape([1, 2, 1, 4, 4]);
    const result = functional.resize(batch, 2);
    expect(result.shape).toEqual([1, 2, 1, 2, 2]);
    expect(values(result).slice(4)).toEqual(values(functional.resize(image, 2)).map((value) => value + 100));
  });
});

describe("crops", () => {
  it("resizedCrop scales a window", () => {
    expect(values(functional.resizedCrop(image, 1, 1, 2, 2, 4, { interpolation: "nearest" }))).toEqual([
      5, 5, 6, 6, 5, 5, 6, 6, 9, 9, 10, 10, 9, 9, 10, 10,
    ]);
  });

  it("FiveCrop gives corners and middle, TenCrop their mirror images too", () => {
    const five = new transforms.FiveCrop(2).forward(image);
    expect(five.map(values)).toEqual([
      [0, 1, 4, 5],
      [2, 3, 6, 7],
      [8, 9, 12, 13],
      [10, 11, 14, 15],
      [5, 6, 9, 10],
    ]);
    const ten = new transforms.TenCrop(2, { verticalFlip: true }).forward(image);
    expect(ten.slice(0, 5).map(values)).toEqual(five.map(values));
    expect(ten.slice(5).map(values)).toEqual(functional.fiveCrop(functional.vflip(image), 2).map(values));
    expect(() => new transforms.FiveCrop(5).forward(image)).toThrow(/FiveCrop: expected images of at least \[5, 5\]/);
  });

  it("take batches and masks of any element type", () => {
    const mask = tensor([true, false, false, true]).reshape([1, 1, 2, 2]);
    expect(functional.hflip(mask).toArray()).toEqual([
      [
        [
          [false, true],
          [true, false],
        ],
      ],
    ]);
    expect(functional.crop(counting(2, 4, 4).reshape([2, 1, 4, 4]), 0, 0, 1, 2).toArray()).toEqual([
      [[[0, 1]]],
      [[[16, 17]]],
    ]);
    const padded = functional.pad(counting(4, 1, 1).reshape([2, 2, 1, 1]), [1, 0, 0, 0], { fill: [8, 9] });
    expect(values(padded)).toEqual([8, 0, 9, 1, 8, 2, 9, 3]);
  });
});

describe("erase", () => {
  it("overwrites with one value, one per channel, or a tensor", () => {
    const two = counting(2, 1, 3);
    expect(values(functional.erase(two, 0, 1, 1, 2, 9))).toEqual([0, 9, 9, 3, 9, 9]);
    expect(values(functional.erase(two, 0, 0, 1, 2, [7, 8]))).toEqual([7, 7, 2, 8, 8, 5]);
    expect(values(functional.erase(two, 0, 0, 1, 1, tensor([20, 30])))).toEqual([20, 1, 2, 30, 4, 5]);
    expect(() => functional.erase(two, 0, 2, 1, 2, 9)).toThrow(/erase: expected a rectangle within \[1, 3\]/);
    expect(() => functional.erase(two, 0, 0, 1, 2, [1, 2, 3])).toThrow(/erase: expected one value, 2 values/);
  });
});

describe("random geometry draws as PyTorch does", () => {
  it("RandomRotation", () => {
    manualSeed(0);
    const rotation = new transforms.RandomRotation(45);
    expect(values(rotation.forward(image))).toEqual(values(image));
    expect(values(rotation.forward(image))).toEqual([1, 2, 3, 7, 0, 5, 6, 11, 4, 9, 10, 15, 8, 12, 13, 14]);
    expect(`${rotation}`).toBe("RandomRotation(degrees=[-45.0, 45.0], interpolation=nearest, expand=False, fill=0)");
  });

  it("RandomAffine", () => {
    manualSeed(0);
    const affine = new transforms.RandomAffine(10, {
      translate: [0.3, 0.3],
      scale: [0.8, 1.2],
      shear: [-10, 10, -5, 5],
      fill: 9,
    });
    expect(values(affine.forward(image))).toEqual([9, 4, 5, 6, 9, 8, 9, 10, 9, 12, 13, 14, 9, 9, 9, 9]);
    expect(values(affine.forward(image))).toEqual([9, 0, 1, 2, 9, 4, 5, 6, 9, 8, 9, 10, 9, 12, 13, 14]);
    expect(`${affine}`).toBe(
      "RandomAffine(degrees=[-10.0, 10.0], translate=(0.3, 0.3), scale=(0.8, 1.2), shear=[-10.0, 10.0, -5.0, 5.0], fill=9)",
    );
  });

  it("RandomPerspective", () => {
    manualSeed(0);
    const transform = new transforms.RandomPerspective({ p: 0.9, interpolation: "nearest", fill: 99 });
    const result = values(transform.forward(counting(1, 8, 8)));
    expect(result.slice(8, 24)).toEqual([99, 99, 3, 5, 6, 7, 99, 99, 0, 10, 11, 13, 14, 15, 99, 99]);
  });

  it("ElasticTransform", () => {
    manualSeed(0);
    const options = { alpha: 5, sigma: 0.3, interpolation: "nearest", fill: 99 } as const;
    const elastic = new transforms.ElasticTransform(options);
    expect(values(elastic.forward(image))).toEqual([4, 6, 99, 99, 99, 14, 6, 99, 8, 10, 99, 3, 99, 99, 9, 99]);
  });

  it("RandomResizedCrop", () => {
    manualSeed(0);
    const crop = new transforms.RandomResizedCrop(3, { interpolation: "nearest" });
    expect(values(crop.forward(counting(1, 8, 8)))).toEqual([8, 10, 12, 16, 18, 20, 32, 34, 36]);
    expect(values(crop.forward(counting(1, 8, 8)))).toEqual([27, 28, 30, 35, 36, 38, 51, 52, 54]);
    expect(`${new transforms.RandomResizedCrop(224)}`).toBe(
      "RandomResizedCrop(size=(224, 224), scale=(0.08, 1.0), ratio=(0.75, 1.3333), interpolation=bilinear, antialias=True)",
    );
  });

  it("RandomErasing, with values drawn before the place", () => {
    manualSeed(0);
    const erasing = new transforms.RandomErasing({ p: 1, value: 99 });
    expect(values(erasing.forward(image))).toEqual([0, 99, 99, 99, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
    manualSeed(0);
    const random = new transforms.RandomErasing({ p: 0.9, scale: [0.2, 0.4], value: "random" });
    const erased = values(random.forward(zeros([1, 4, 4])));
    expect(erased.map((value) => Math.round(value * 1e4) / 1e4)).toEqual([
      0, 0.5507, 0.2704, 0, 0, 0.6472, 0.249, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ]);
  });
});

describe("geometric transforms name what makes no sense", () => {
  it.each([
    [() => new transforms.RandomRotation(-1), /RandomRotation: expected degrees .* got -1/],
    [() => new transforms.RandomRotation([1, 2, 3]), /RandomRotation: expected degrees .* 2 bounds/],
    [() => new transforms.RandomAffine(0, { translate: [2, 0] }), /RandomAffine: expected translate .* got \[2,0\]/],
    [() => new transforms.RandomAffine(0, { scale: [0, 1] }), /RandomAffine: expected scale .* greater than 0/],
    [() => new transforms.RandomAffine(0, { shear: [1, 2, 3] }), /RandomAffine: expected shear .* 2 or 4 bounds/],
    [() => new transforms.RandomPerspective({ distortionScale: 2 }), /RandomPerspective: .* from 0 to 1, got 2/],
    [() => new transforms.RandomResizedCrop(4, { ratio: [2, 1] }), /RandomResizedCrop: expected ratio/],
    [() => new transforms.RandomErasing({ scale: [0, 2] }), /RandomErasing: expected scale .* within 0 and 1/],
    [() => new transforms.RandomErasing({ p: 1, value: [1, 2] }).forward(image), /one per channel \(1\), got 2/],
    [() => new transforms.ElasticTransform({ sigma: -1 }), /ElasticTransform: expected sigma .* at least 0/],
    [() => new transforms.ElasticTransform().forward(image), /reflect padding of 20 does not fit .* size 4/],
    [() => functional.affine(image, 0, [0, 0], 0, 0), /affine: expected a scale greater than 0, got 0/],
    [() => functional.affine(image, 0, [1] as never, 1, 0), /affine: expected translate as \[x, y\], got \[1\]/],
    [() => functional.rotate(image, 1, { fill: [1, 2] }), /rotate: expected one fill value or one per channel \(1\)/],
    [
      () => functional.rotate(image, 1, { interpolation: "bicubic" as "nearest" }),
      /"nearest" or "bilinear", got "bicubic"/,
    ],
  ])("%s", (run, message) => {
    expect(run).toThrow(message);
  });
});
