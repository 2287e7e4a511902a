import { DataError } from "@kindling/tensor";
import { PickledArray, readPickle } from "./pickle.js";

/** Channels, height and width of an image. */
export const imageShape = [3, 32, 32] as const;
export const pixelsPerImage = 3 * 32 * 32;

/** How the official archives unpack: a folder of this name, with a file of this suffix for each batch. */
export interface CifarLayout {
  readonly directory: string;
  readonly archive: string;
  readonly suffix: string;
}

/** One of the CIFAR data sets as its authors publish it, and what every copy of it must decode to. */
export interface CifarVariant {
  readonly name: string;
  /** As files are called. */
  readonly slug: string;
  /**
   * The labels of an image: the key of their list in a pickle, and how many classes they tell apart. In the binary layout
   * each is a byte in front of the pixels, in this order; the last one is the target.
   */
  readonly labels: readonly { readonly key: string; readonly classes: number }[];
  /** The files of each split, without suffix, in order, and how many images each has. */
  readonly train: Readonly<Record<string, number>>;
  readonly test: Readonly<Record<string, number>>;
  readonly binary: CifarLayout;
  readonly python: CifarLayout;
  /** SHA-256 of each file in the binary layout, where it is known. */
  readonly sha256: Readonly<Record<string, string>> | null;
  /** MD5 of the binary archive and of the pickles as the authors and torchvision give them, where nothing better is known. */
  readonly md5: { readonly binaryArchive: string; readonly pickles: Readonly<Record<string, string>> } | null;
  /** Size of a download. */
  readonly megabytes: number;
}

export function filesOf(variant: CifarVariant, train: boolean): readonly string[] {
  return Object.keys(train ? variant.train : variant.test);
}

export function allFiles({ train, test }: CifarVariant): readonly string[] {
  return Object.keys({ ...train, ...test });
}

export function recordsOf({ train, test }: CifarVariant, file: string): number {
  return train[file] ?? test[file] ?? 0;
}

/** A record of the binary layout: the labels, then the image, channel after channel. */
export function bytesPerRecord({ labels }: CifarVariant): number {
  return labels.length + pixelsPerImage;
}

/** Images `[n, 3, 32, 32]` as bytes, and their targets. */
export interface LabelledImages {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

/** With all labels of the images, of which the targets are the last. */
export interface CifarImages extends LabelledImages {
  readonly allLabels: readonly Uint8Array[];
}

/**
 * Splits batches of the binary layout into images and labels.
 *
 * @throws DataError when a batch is no whole number of records, or a label is no class.
 */
export function parseBatches(variant: CifarVariant, batches: readonly Uint8Array[], name = "CIFAR batch"): CifarImages {
  const size = bytesPerRecord(variant);
  let count = 0;
  for (const batch of batches) {
    if (batch.length % size !== 0) {
      throw new DataError(`${name}: expected a whole number of ${size}-byte records, got ${batch.length} bytes`);
    }
    count += batch.length / size;
  }
  const images = new Uint8Array(count * pixelsPerImage);
  const allLabels = variant.labels.map(() => new Uint8Array(count));
  let index = 0;
  for (const batch of batches) {
    for (let at = 0; at < batch.length; at += size) {
      for (const [i, { classes }] of variant.labels.entries())
        (allLabels[i] as Uint8Array)[index] = checkLabel(batch[at + i], classes, index, name);
      images.set(batch.subarray(at + allLabels.length, at + size), index * pixelsPerImage);
      index++;
    }
  }
  return { images, labels: allLabels.at(-1) as Uint8Array, allLabels };
}

/**
 * Turns a batch of the Python layout (a pickled dictionary with `data`, a NumPy array of shape
 * `[n, 3072]`, and lists of labels) into the binary layout.
 *
 * @throws DataError when the pickle holds anything else.
 */
export function batchFromPickle(variant: CifarVariant, bytes: Uint8Array, name = "CIFAR pickle"): Uint8Array {
  const { labels } = variant;
  const dictionary = readPickle(bytes, name);
  const data = dictionary instanceof Map ? dictionary.get("data") : undefined;
  const lists = labels.map(({ key }) => (dictionary instanceof Map ? dictionary.get(key) : undefined));
  const count = Array.isArray(lists[0]) ? lists[0].length : -1;
  if (!(data instanceof PickledArray) || !lists.every((list) => Array.isArray(list) && list.length === count)) {
    const keys = labels.map(({ key }) => `"${key}"`).join(" and ");
    throw new DataError(
      `${name}: expected a dictionary with an array "data" and ${labels.length === 1 ? "a list" : "lists of equal length"} ${keys}`,
    );
  }
  const [rows, columns] = data.shape;
  const isBytes = data.dtype === "u1" || data.dtype === "|u1" || data.dtype === "uint8";
  if (
    !isBytes ||
    data.shape.length !== 2 ||
    rows !== count ||
    columns !== pixelsPerImage ||
    data.data.length !== count * pixelsPerImage
  ) {
    throw new DataError(
      `${name}: expected "data" as bytes of shape [${count}, ${pixelsPerImage}] for ${count} labels, ` +
        `got ${data.dtype} [${data.shape.join(", ")}] in ${data.data.length} bytes`,
    );
  }
  const size = bytesPerRecord(variant);
  const batch = new Uint8Array(count * size);
  for (let i = 0; i < count; i++) {
    const at = i * size;
    for (const [k, { classes }] of labels.entries())
      batch[at + k] = checkLabel((lists[k] as unknown[])[i], classes, i, name);
    const pixels = at + labels.length;
    if (data.isFortranOrder) {
      for (let j = 0; j < pixelsPerImage; j++) batch[pixels + j] = data.data[j * count + i] as number;
    } else {
      batch.set(data.data.subarray(i * pixelsPerImage, (i + 1) * pixelsPerImage), pixels);
    }
  }
  return batch;
}

/**
 * Checks that each class is there as often as any other, and that whoever shares a class also shares the coarser ones: for
 * files without a checksum.
 *
 * @throws DataError when they are not.
 */
export function checkBalance(variant: CifarVariant, batch: Uint8Array, name: string): void {
  const { allLabels } = parseBatches(variant, [batch], name);
  const count = batch.length / bytesPerRecord(variant);
  const coarser = new Map<number, number>();
  for (const [k, { key, classes }] of variant.labels.entries()) {
    const seen = new Array<number>(classes).fill(0);
    for (const label of allLabels[k] as Uint8Array) seen[label] = (seen[label] as number) + 1;
    const odd = seen.findIndex((times) => times !== count / classes);
    if (odd >= 0)
      throw new DataError(
        `${name}: expected each of ${classes} ${key} ${count / classes} times, got ${odd} ${seen[odd]} times`,
      );
  }
  const [coarse, fine] = allLabels;
  fine?.forEach((label, i) => {
    const own = coarse?.[i] as number;
    if ((coarser.get(label) ?? own) !== own)
      throw new DataError(`${name}: expected one coarse label for each fine one, got two for ${label}`);
    coarser.set(label, own);
  });
}

export function checkLabel(label: unknown, classes: number, index: number, name: string): number {
  if (typeof label === "number" && Number.isInteger(label) && label >= 0 && label < classes) return label;
  throw new DataError(`${name}: expected labels from 0 to ${classes - 1}, got ${String(label)} for image ${index}`);
}
