import { CIFAR10, Subset, VisionDataset } from "@kindling/datasets";
import type { ImageSource } from "../src/data.js";
import type { LabelledImages } from "../src/evaluate.js";
import { type Preprocessing, toTransform } from "../src/preprocessing.js";

const imageShape = [3, 32, 32] as const;
const bytesPerImage = 3 * 32 * 32;

/** Made-up images that a network can learn: each class has its own colour, under noise. */
export function tinyImages(
  count: number,
  { preprocessing = { normalization: null }, salt = 1 }: { preprocessing?: Preprocessing; salt?: number } = {},
): LabelledImages {
  const labels = Uint8Array.from({ length: count }, (_, index) => (index * 7 + salt) % 10);
  const images = new Uint8Array(count * bytesPerImage);
  let random = salt;
  for (let at = 0; at < images.length; at++) {
    const label = labels[Math.floor(at / bytesPerImage)] as number;
    const channel = Math.floor((at % bytesPerImage) / 1024);
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    images[at] = ((label * (3 + 4 * channel)) % 10) * 20 + (random >>> 26);
  }
  return new VisionDataset({ images, labels }, imageShape, CIFAR10.classes, { transform: toTransform(preprocessing) });
}

/** 200 training images and 50 test images, in place of CIFAR-10. */
export const tinySource: ImageSource = async (split, { limit = null }, preprocessing) => {
  const images = split === "train" ? tinyImages(200, { preprocessing }) : tinyImages(50, { preprocessing, salt: 2 });
  const count = Math.min(limit ?? images.length, images.length);
  return new Subset(
    images,
    Array.from({ length: count }, (_, index) => index),
  );
};
