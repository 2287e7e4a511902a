import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { DataError } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { FashionMNIST, MNIST } from "../../src/index.js";
import { temporaryDirectory } from "../temporary-directory.js";

// Debian's package dataset-fashion-mnist installs the real files here.
const realFiles = "/usr/share/datasets/fashion-mnist";
const hasRealFiles = existsSync(join(realFiles, "t10k-images-idx3-ubyte.gz"));

describe.skipIf(!hasRealFiles)("the real Fashion-MNIST (skipped without Debian's dataset-fashion-mnist)", () => {
  it("loads with its published sizes and classes", async () => {
    const data = await FashionMNIST.load({ root: realFiles, train: false });
    expect(data.length).toBe(10_000);
    expect(data.images.shape).toEqual([10_000, 1, 28, 28]);
    expect(data.targets.slice(0, 5)).toEqual([9, 2, 1, 1, 6]);
    const counts = new Array<number>(10).fill(0);
    for (const target of data.targets) counts[target] = (counts[target] as number) + 1;
    expect(counts).toEqual(new Array(10).fill(1000));
    expect(data.classToIdx["Ankle boot"]).toBe(9);
  });
});

/** The files of MNIST's test split, made up. */
async function writeTinyMnist(
  root: string,
  change: (name: string, bytes: Uint8Array) => Uint8Array = (_, bytes) => bytes,
): Promise<void> {
  const raw = join(root, "MNIST", "raw");
  await mkdir(raw, { recursive: true });
  const images = Buffer.alloc(16 + 10_000 * 784);
  images.set([0, 0, 8, 3, 0, 0, 0x27, 0x10, 0, 0, 0, 28, 0, 0, 0, 28]);
  images.fill(200, 16, 16 + 784);
  const labels = Buffer.alloc(8 + 10_000, 7);
  labels.set([0, 0, 8, 1, 0, 0, 0x27, 0x10]);
  for (const [name, bytes] of Object.entries({ "t10k-images-idx3-ubyte": images, "t10k-labels-idx1-ubyte": labels })) {
    await writeFile(join(raw, `${name}.gz`), change(name, gzipSync(bytes, { level: 1 })));
  }
}

describe("MNIST", () => {
  it("reads the packed files as torchvision lays them out", async () => {
    const root = await temporaryDirectory();
    await writeTinyMnist(root);
    const data = await MNIST.load({ root, train: false });
    const [image, target] = data.getItem(0);
    expect(image.shape).toEqual([1, 28, 28]);
    expect(image.dtype).toBe("uint8");
    expect(image.toTypedArray()[783]).toBe(200);
    expect(target).toBe(7);
  });

  it("names a truncated file", async () => {
    const root = await temporaryDirectory();
    await writeTinyMnist(root, (name, bytes) => (name.includes("labels") ? bytes.subarray(0, -10) : bytes));
    await expect(MNIST.load({ root, train: false })).rejects.toThrow(
      /t10k-labels-idx1-ubyte\.gz: expected a whole gzip file/,
    );
  });

  it("names a file of the wrong kind", async () => {
    const root = await temporaryDirectory();
    await writeTinyMnist(root, (name, bytes) => (name.includes("images") ? gzipSync(Buffer.alloc(100)) : bytes));
    await expect(MNIST.load({ root, train: false })).rejects.toThrow(
      /t10k-images-idx3-ubyte\.gz: expected 7840016 bytes/,
    );
  });

  it("does not unpack more than a file can hold", async () => {
    const root = await temporaryDirectory();
    const bomb = gzipSync(Buffer.alloc(80 << 20), { level: 1 });
    await writeTinyMnist(root, () => bomb);
    await expect(MNIST.load({ root, train: false })).rejects.toThrow(/unpacks to more than/);
  });

  it("says where it looked when there is nothing", async () => {
    const root = await temporaryDirectory();
    await expect(MNIST.load({ root, train: false })).rejects.toThrow(/t10k-images-idx3-ubyte.*download: true/);
    await expect(MNIST.load({ root, train: false })).rejects.toBeInstanceOf(DataError);
  });
});

describe("FashionMNIST", () => {
  it("refuses files of another data set by their checksum", async () => {
    const root = await temporaryDirectory();
    await writeTinyMnist(root);
    const raw = join(root, "MNIST", "raw");
    await expect(FashionMNIST.load({ root: raw, train: false })).rejects.toThrow(
      /SHA-256 5b4141f0afba.*of another data set/,
    );
  });
});
