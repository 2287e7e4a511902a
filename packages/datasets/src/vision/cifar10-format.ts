import { DataError } from "@kindling/tensor";
import { PickledArray, readPickle } from "./pickle.js";

/** Channels, height and width of a CIFAR-10 image. */
export const imageShape = [3, 32, 32] as const;
const pixelsPerImage = 3 * 32 * 32;
/** A record of the binary layout: one label byte, then the image, channel after channel. */
export const bytesPerRecord = 1 + pixelsPerImage;

export const classNames = [
  "airplane",
  "automobile",
  "bird",
  "cat",
  "deer",
  "dog",
  "frog",
  "horse",
  "ship",
  "truck",
] as const;

/** The files of the data set, without extension, in order. */
export const trainBatches = ["data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5"] as const;
export const testBatches = ["test_batch"] as const;
export type BatchName = (typeof trainBatches)[number] | (typeof testBatches)[number];
export const allBatches: readonly BatchName[] = [...trainBatches, ...testBatches];

export function batchesOf(train: boolean): readonly BatchName[] {
  return train ? trainBatches : testBatches;
}

/** What every copy of the data set must decode to, wherever it comes from. */
export interface Cifar10Manifest {
  readonly recordsPerBatch: number;
  /** SHA-256 of each batch in the binary layout. */
  readonly sha256: Readonly<Record<BatchName, string>>;
}

/**
 * The real data set. The whole training split (the five batches one after the other) has the SHA-256
 * a0181da372c0d63a5920fdbea2ec3f83ecbc552d378218e1cb473cf634941a3b; the test split is one batch.
 */
export const cifar10Manifest: Cifar10Manifest = {
  recordsPerBatch: 10_000,
  sha256: {
    data_batch_1: "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
    data_batch_2: "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
    data_batch_3: "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
    data_batch_4: "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
    data_batch_5: "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
    test_batch: "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b",
  },
};

/** Images `[n, 3, 32, 32]` as bytes, and their labels. */
export interface LabelledImages {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

/**
 * Splits batches of the binary layout into images and labels.
 *
 * @throws DataError when a batch is no whole number of records, or a label is above 9.
 */
export function parseBatches(batches: readonly Uint8Array[], name = "CIFAR-10 batch"): LabelledImages {
  let count = 0;
  for (const batch of batches) {
    if (batch.length % bytesPerRecord !== 0) {
      throw new DataError(
        `${name}: expected a whole number of ${bytesPerRecord}-byte records, got ${batch.length} bytes`,
      );
    }
    count += batch.length / bytesPerRecord;
  }
  const images = new Uint8Array(count * pixelsPerImage);
  const labels = new Uint8Array(count);
  let index = 0;
  for (const batch of batches) {
    for (let at = 0; at < batch.length; at += bytesPerRecord) {
      labels[index] = checkLabel(batch[at], index, name);
      images.set(batch.subarray(at + 1, at + bytesPerRecord), index * pixelsPerImage);
      index++;
    }
  }
  return { images, labels };
}

/**
 * Turns a batch of the Python layout (a pickled dictionary with `data`, a NumPy array of shape
 * `[n, 3072]`, and `labels`) into the binary layout.
 *
 * @throws DataError when the pickle holds anything else.
 */
export function batchFromPickle(bytes: Uint8Array, name = "CIFAR-10 pickle"): Uint8Array {
  const dictionary = readPickle(bytes, name);
  const data = dictionary instanceof Map ? dictionary.get("data") : undefined;
  const labels = dictionary instanceof Map ? dictionary.get("labels") : undefined;
  if (!(data instanceof PickledArray) || !Array.isArray(labels)) {
    throw new DataError(`${name}: expected a dictionary with an array "data" and a list "labels"`);
  }
  const count = labels.length;
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
  const batch = new Uint8Array(count * bytesPerRecord);
  for (let i = 0; i < count; i++) {
    const at = i * bytesPerRecord;
    batch[at] = checkLabel(labels[i], i, name);
    if (data.isFortranOrder) {
      for (let j = 0; j < pixelsPerImage; j++) batch[at + 1 + j] = data.data[j * count + i] as number;
    } else {
      batch.set(data.data.subarray(i * pixelsPerImage, (i + 1) * pixelsPerImage), at + 1);
    }
  }
  return batch;
}

/** A decoded picture, as PNG decoders give it: interleaved pixels. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly depth: number;
  readonly data: ArrayLike<number>;
}

/**
 * Turns a sheet that shows one image per row, 1024 RGB pixels wide, into the binary layout.
 *
 * @throws DataError when the sheet has another form, or a label is no class.
 */
export function batchFromSheet(sheet: Picture, labels: ArrayLike<unknown>, name = "CIFAR-10 sheet"): Uint8Array {
  const plane = 32 * 32;
  const { width, height, channels, depth, data } = sheet;
  if (width !== plane || channels !== 3 || depth !== 8 || height !== labels.length) {
    throw new DataError(
      `${name}: expected ${plane}×${labels.length} pixels of 8-bit RGB, got ${width}×${height} with ${channels} channels of ${depth} bits`,
    );
  }
  const batch = new Uint8Array(height * bytesPerRecord);
  for (let i = 0; i < height; i++) {
    const red = i * bytesPerRecord + 1;
    batch[red - 1] = checkLabel(labels[i], i, name);
    let source = i * pixelsPerImage;
    for (let p = red; p < red + plane; p++) {
      batch[p] = data[source] as number;
      batch[p + plane] = data[source + 1] as number;
      batch[p + 2 * plane] = data[source + 2] as number;
      source += 3;
    }
  }
  return batch;
}

function checkLabel(label: unknown, index: number, name: string): number {
  if (typeof label === "number" && Number.isInteger(label) && label >= 0 && label < classNames.length) return label;
  throw new DataError(
    `${name}: expected labels from 0 to ${classNames.length - 1}, got ${String(label)} for image ${index}`,
  );
}
