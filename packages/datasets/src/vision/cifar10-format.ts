import { DataError } from "@kindling/tensor";
import { bytesPerRecord, type CifarVariant, checkLabel, pixelsPerImage } from "./cifar-format.js";

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

/**
 * CIFAR-10. The whole training split (the five batches one after the other) has the SHA-256
 * a0181da372c0d63a5920fdbea2ec3f83ecbc552d378218e1cb473cf634941a3b; the test split is one batch.
 */
export const cifar10: CifarVariant = {
  name: "CIFAR10",
  slug: "cifar-10",
  labels: [{ key: "labels", classes: classNames.length }],
  train: {
    data_batch_1: 10_000,
    data_batch_2: 10_000,
    data_batch_3: 10_000,
    data_batch_4: 10_000,
    data_batch_5: 10_000,
  },
  test: { test_batch: 10_000 },
  binary: { directory: "cifar-10-batches-bin", archive: "cifar-10-binary.tar.gz", suffix: ".bin" },
  python: { directory: "cifar-10-batches-py", archive: "cifar-10-python.tar.gz", suffix: "" },
  sha256: {
    data_batch_1: "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
    data_batch_2: "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
    data_batch_3: "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
    data_batch_4: "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
    data_batch_5: "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
    test_batch: "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b",
  },
  md5: null,
  megabytes: 140,
};

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
  const size = bytesPerRecord(cifar10);
  const { width, height, channels, depth, data } = sheet;
  if (width !== plane || channels !== 3 || depth !== 8 || height !== labels.length) {
    throw new DataError(
      `${name}: expected ${plane}×${labels.length} pixels of 8-bit RGB, got ${width}×${height} with ${channels} channels of ${depth} bits`,
    );
  }
  const batch = new Uint8Array(height * size);
  for (let i = 0; i < height; i++) {
    const red = i * size + 1;
    batch[red - 1] = checkLabel(labels[i], classNames.length, i, name);
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
