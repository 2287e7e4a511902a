import { DataError } from "@kindling/tensor";
import type { LabelledImages } from "./cifar-format.js";
import { parseIdx } from "./idx.js";

/** Images `[n, 28, 28]` and labels of a split, in one. */
export interface MnistImages extends LabelledImages {
  readonly imageShape: readonly [channels: 1, height: number, width: number];
}

/**
 * Reads the two IDX files of a split.
 *
 * @throws DataError when they are damaged, do not belong together, or hold something else.
 */
export function parseMnist(
  imageFile: Uint8Array,
  labelFile: Uint8Array,
  imageName: string,
  labelName: string,
): MnistImages {
  const images = parseIdx(imageFile, imageName);
  const labels = parseIdx(labelFile, labelName);
  const [count, height, width] = images.shape;
  if (images.shape.length !== 3 || height !== 28 || width !== 28) {
    throw new DataError(`${imageName}: expected images of shape [n, 28, 28], got [${images.shape.join(", ")}]`);
  }
  if (labels.shape.length !== 1 || labels.shape[0] !== count) {
    throw new DataError(
      `${labelName}: expected ${count} labels for as many images, got shape [${labels.shape.join(", ")}]`,
    );
  }
  const bad = labels.data.find((label) => label > 9);
  if (bad !== undefined) throw new DataError(`${labelName}: expected labels from 0 to 9, got ${bad}`);
  return { images: images.data, labels: labels.data, imageShape: [1, height, width] };
}

/** A data set in the form of MNIST, as it is published. */
export interface MnistVariant {
  readonly name: string;
  readonly classes: readonly string[];
  /** Where the files are published; first come, first served. */
  readonly mirrors: readonly string[];
  /** SHA-256 of the unpacked files, where known. */
  readonly sha256: Readonly<Partial<Record<MnistFile, string>>>;
}

export type MnistFile = `${"train" | "t10k"}-${"images-idx3" | "labels-idx1"}-ubyte`;
export const filesOf = (train: boolean): readonly [images: MnistFile, labels: MnistFile] =>
  train ? ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"] : ["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

/** More than any of the unpacked files has. */
export const maxFileBytes = 64 << 20;
/** Images of a split. */
export const countOf = (train: boolean): number => (train ? 60_000 : 10_000);
