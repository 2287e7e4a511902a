import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { allFiles, bytesPerRecord, type CifarVariant, recordsOf } from "../src/vision/cifar-format.js";
import { cifar10 } from "../src/vision/cifar10-format.js";
import { cifar100 } from "../src/vision/cifar100-format.js";

/** Images per batch of the CIFAR-10 that the tests make up. */
export const recordsPerBatch = 3;

const fewRecords = (files: Readonly<Record<string, number>>, count: number) =>
  Object.fromEntries(Object.keys(files).map((file) => [file, count]));

/** A made-up batch in the binary layout; every batch differs. */
function makeBatch(variant: CifarVariant, file: string, labelsOf: (record: number) => readonly number[]): Uint8Array {
  const size = bytesPerRecord(variant);
  const batch = new Uint8Array(recordsOf(variant, file) * size);
  const salt = allFiles(variant).indexOf(file) + 1;
  for (let i = 0; i < batch.length; i++) batch[i] = (i * salt * 31 + salt) % 251;
  for (let at = 0; at < batch.length; at += size) batch.set(labelsOf(at / size), at);
  return batch;
}

const smallCifar10: CifarVariant = {
  ...cifar10,
  train: fewRecords(cifar10.train, recordsPerBatch),
  test: fewRecords(cifar10.test, recordsPerBatch),
};

export function tinyBatch(file: string): Uint8Array {
  const salt = allFiles(smallCifar10).indexOf(file) + 1;
  return makeBatch(smallCifar10, file, (record) => [(record + salt) % 10]);
}

const digest = (algorithm: string, bytes: Uint8Array) => createHash(algorithm).update(bytes).digest("hex");

export const tinyCifar10: CifarVariant = {
  ...smallCifar10,
  sha256: Object.fromEntries(allFiles(smallCifar10).map((file) => [file, digest("sha256", tinyBatch(file))])),
};

const smallCifar100: CifarVariant = { ...cifar100, train: { train: 200 }, test: { test: 100 } };

/** Fine classes in turn; five of them share a coarse one. */
export function tinyBatch100(file: string): Uint8Array {
  return makeBatch(smallCifar100, file, (record) => [record % 20, record % 100]);
}

/** The archive of the binary layout. */
export function tinyArchive100(): Uint8Array {
  return tarGzOf({
    "cifar-100-binary/train.bin": tinyBatch100("train"),
    "cifar-100-binary/test.bin": tinyBatch100("test"),
  });
}

export const tinyCifar100: CifarVariant = {
  ...smallCifar100,
  md5: {
    binaryArchive: digest("md5", tinyArchive100()),
    pickles: Object.fromEntries(
      allFiles(smallCifar100).map((file) => [file, digest("md5", pickleOf(smallCifar100, tinyBatch100(file)))]),
    ),
  },
};

/** Writes the made-up CIFAR-10 in the official binary layout. */
export async function writeTinyCifar10(root: string): Promise<void> {
  const directory = join(root, "cifar-10-batches-bin");
  await mkdir(directory, { recursive: true });
  for (const file of allFiles(tinyCifar10)) await writeFile(join(directory, `${file}.bin`), tinyBatch(file));
}

/** A tar archive of some files. */
export function tarOf(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (const [name, bytes] of Object.entries(files)) {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write("0000644\0", 100);
    header.write("0000000\0", 108);
    header.write("0000000\0", 116);
    header.write(`${bytes.length.toString(8).padStart(11, "0")}\0`, 124);
    header.write("00000000000\0", 136);
    header.write("        0", 148);
    header.write("ustar\x0000", 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    blocks.push(header, bytes, new Uint8Array((512 - (bytes.length % 512)) % 512));
  }
  blocks.push(new Uint8Array(1024));
  return Buffer.concat(blocks);
}

export function tarGzOf(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  return gzipSync(tarOf(files));
}

/** A batch as Python 2 pickled it for the official archive: byte strings, protocol 2. */
export function pickleOf(variant: CifarVariant, batch: Uint8Array, options: { fortran?: boolean } = {}): Uint8Array {
  const size = bytesPerRecord(variant);
  const count = batch.length / size;
  const first = variant.labels.length;
  const bytes: number[] = [];
  const text = (value: string) => bytes.push(0x55, value.length, ...Buffer.from(value, "latin1"));
  const int32 = (value: number) => bytes.push(0x4a, value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24);
  const pixels = new Uint8Array(count * 3072);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < 3072; j++) {
      pixels[options.fortran ? j * count + i : i * 3072 + j] = batch[i * size + first + j] as number;
    }
  }
  bytes.push(0x80, 2, 0x7d, 0x71, 1, 0x28); // protocol 2, {, memo 1, mark
  text("batch_label");
  text("training batch 1 of 5");
  for (const [k, { key }] of variant.labels.entries()) {
    text(key);
    bytes.push(0x5d, 0x28); // [, mark
    for (let i = 0; i < count; i++) bytes.push(0x4b, batch[i * size + k] as number);
    bytes.push(0x65); // extend the list
  }
  text("data");
  bytes.push(0x63, ...Buffer.from("numpy.core.multiarray\n_reconstruct\n"), 0x71, 3);
  bytes.push(0x63, ...Buffer.from("numpy\nndarray\n"), 0x71, 4, 0x4b, 0, 0x85); // ndarray, (0,)
  text("b");
  bytes.push(0x87, 0x52, 0x71, 5); // _reconstruct(ndarray, (0,), "b")
  bytes.push(0x28, 0x4b, 1); // mark, version 1
  int32(count);
  bytes.push(0x4d, 0x00, 0x0c, 0x86); // 3072, the shape as a pair
  bytes.push(0x63, ...Buffer.from("numpy\ndtype\n"), 0x71, 6);
  text("u1");
  bytes.push(0x4b, 0, 0x4b, 1, 0x87, 0x52, 0x71, 7, 0x28, 0x4b, 3); // dtype("u1", 0, 1), mark, 3
  text("|");
  bytes.push(0x4e, 0x4e, 0x4e);
  int32(-1);
  int32(-1);
  bytes.push(0x4b, 0, 0x74, 0x62); // dtype's state
  bytes.push(options.fortran ? 0x88 : 0x89);
  const length = pixels.length;
  bytes.push(0x54, length & 255, (length >> 8) & 255, (length >> 16) & 255, length >>> 24);
  const tail = [0x74, 0x62, 0x75, 0x2e]; // the array's state, set the items, stop
  return Buffer.concat([Buffer.from(bytes), pixels, Buffer.from(tail)]);
}
