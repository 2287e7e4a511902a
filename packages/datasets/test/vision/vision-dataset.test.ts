import { manualSeed, type Tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { CIFAR10, DataLoader, transforms, VisionDataset } from "../../src/index.js";
import type { TransformLike } from "../../src/transforms/transform.js";

const count = 6;
const data = {
  images: Uint8Array.from({ length: count * 3 * 8 * 12 }, (_, i) => (i * 37) % 256),
  labels: Uint8Array.from({ length: count }, (_, i) => i % 2),
};

function make(transform?: TransformLike<Tensor, Tensor>, targetTransform?: (target: number) => number): VisionDataset {
  return new VisionDataset(data, [3, 8, 12], ["cat", "dog"], {
    ...(transform === undefined ? {} : { transform }),
    ...(targetTransform === undefined ? {} : { targetTransform }),
  });
}

const {
  Compose,
  ToTensor,
  Normalize,
  RandomCrop,
  RandomHorizontalFlip,
  RandomVerticalFlip,
  Pad,
  Resize,
  CenterCrop,
  Grayscale,
} = transforms;
const normalize = new Normalize([0.4, 0.5, 0.6], [0.2, 0.3, 0.4]);

describe("a batch made at once equals its images made one by one", () => {
  it.each<[string, TransformLike<Tensor, Tensor>]>([
    ["ToTensor", new ToTensor()],
    ["ToTensor, Normalize", new Compose([new ToTensor(), normalize])],
    ["Normalize with one mean for all", new Compose([new ToTensor(), new Normalize([0.5], [0.25])])],
    [
      "crop and flip",
      new Compose([new RandomCrop([8, 12], { padding: 4 }), new RandomHorizontalFlip(), new ToTensor(), normalize]),
    ],
    ["flip, then a smaller crop", new Compose([new RandomHorizontalFlip(), new RandomCrop(5), new ToTensor()])],
    [
      "crops and borders of different fills",
      new Compose([
        new RandomCrop(10, { padding: 3, fill: 7 }),
        new RandomVerticalFlip(),
        new Pad(2, { fill: [1, 2, 3] }),
        new RandomHorizontalFlip(),
        new ToTensor(),
      ]),
    ],
    [
      "mirrored borders",
      new Compose([
        new Pad(3, { paddingMode: "reflect" }),
        new RandomCrop(8),
        new RandomHorizontalFlip(),
        new ToTensor(),
      ]),
    ],
    [
      "placement, computation, placement",
      new Compose([
        new RandomHorizontalFlip(),
        new Resize([16, 16]),
        new RandomCrop(9),
        new Compose([new Grayscale(3), new CenterCrop(12)]),
        new ToTensor(),
        normalize,
      ]),
    ],
    [
      "colours, turns and blurs",
      new Compose([
        new transforms.RandomAffine(20, { translate: [0.1, 0.1] }),
        new transforms.ColorJitter(0.4, 0.4, 0.4, 0.1),
        new RandomHorizontalFlip(),
        new transforms.GaussianBlur(3),
        new transforms.RandomErasing({ p: 1, value: "random" }),
        new transforms.RandomResizedCrop(8),
        new ToTensor(),
      ]),
    ],
    [
      "policies and choices",
      new Compose([
        new transforms.RandomApply([
          new Compose([new RandomVerticalFlip(), new transforms.RandomInvert()]),
          new Pad(0),
        ]),
        new transforms.RandomChoice([new transforms.RandomGrayscale(1), new transforms.ColorJitter(0.5)]),
        new transforms.RandomOrder([new Pad(1), new CenterCrop(8)]),
        new CenterCrop(8),
        new transforms.RandAugment(),
        new transforms.AugMix(),
        new ToTensor(),
      ]),
    ],
    ["a choice among functions", new Compose([new transforms.RandomApply([(image) => image]), new ToTensor()])],
    ["a function", (image) => new ToTensor().forward(image).mul(2)],
    ["something after Normalize", new Compose([new ToTensor(), normalize, (image) => image.mul(2)])],
  ])("%s", (_, transform) => {
    const dataset = make(transform);
    const indices = [4, 0, 5, 5, 2];
    manualSeed(1);
    const [batch, targets] = dataset.getItems(indices);
    manualSeed(1);
    const images = indices.map((index) => dataset.getItem(index)[0]);
    expect(batch.shape).toEqual([5, ...(images[0] as Tensor).shape]);
    expect(batch.dtype).toBe("float32");
    expect(Array.from(batch.toTypedArray())).toEqual(images.flatMap((image) => Array.from(image.toTypedArray())));
    expect(targets.toArray()).toEqual([0, 0, 1, 1, 0]);
  });
});

describe("VisionDataset", () => {
  it("gives bytes without a transform", () => {
    const [image, target] = make().getItem(1);
    expect([image.dtype, image.shape, target]).toEqual(["uint8", [3, 8, 12], 1]);
    expect(Array.from(image.toTypedArray())).toEqual(Array.from(data.images.subarray(288, 576)));
    const [batch] = make().getItems([1]);
    expect([batch.dtype, batch.shape]).toEqual(["uint8", [1, 3, 8, 12]]);
  });

  it("never lets a change of an item change the data", () => {
    const dataset = make();
    const [image] = dataset.getItem(0);
    image.storage.block.view().fill(0);
    expect(Array.from(dataset.getItem(0)[0].toTypedArray())).toEqual(Array.from(data.images.subarray(0, 288)));
  });

  it("tells classes, and applies the target transform everywhere", () => {
    const dataset = make(new ToTensor(), (target) => target + 10);
    expect(dataset.classToIdx).toEqual({ cat: 0, dog: 1 });
    expect(dataset.getItem(1)[1]).toBe(11);
    for (const [, targets] of new DataLoader(dataset, { batchSize: 2 })) expect(targets.toArray()).toEqual([10, 11]);
    expect(dataset.targets.slice(0, 2)).toEqual([0, 1]);
  });

  it("refuses an index out of range", () => {
    expect(() => make().getItem(count)).toThrow(/VisionDataset: expected an index from -6 to 5, got 6/);
    expect(() => make(new ToTensor()).getItems([0, -7])).toThrow(/got -7/);
  });

  it("refuses transforms that give images of different sizes in one batch", () => {
    let size = 3;
    const growing = new (class extends Pad {
      override place(height: number, width: number) {
        return new Pad(size++).place(height, width);
      }
    })(0);
    expect(() => make(new Compose([growing, new ToTensor()])).getItems([0, 1])).toThrow(/different sizes/);
  });
});

describe("CIFAR10.load", () => {
  it("refuses senseless options", async () => {
    await expect(CIFAR10.load({ root: "" })).rejects.toThrow(/root to name a directory/);
    await expect(CIFAR10.load({ train: "yes" as unknown as boolean })).rejects.toThrow(/train to be true or false/);
  });
});
