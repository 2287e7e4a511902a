import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { CIFAR100 } from "../../src/index.js";
import { hasLocal } from "../../src/sources/cifar-local.js";
import { type LoadOptions, loadCifar } from "../../src/sources/load-cifar.js";
import { bytesPerRecord, parseBatches } from "../../src/vision/cifar-format.js";
import { temporaryDirectory } from "../temporary-directory.js";
import { pickleOf, tarGzOf, tinyArchive100, tinyBatch100, tinyCifar100 } from "../tiny-cifar.js";

const [train, test] = [tinyBatch100("train"), tinyBatch100("test")];
const pickle = pickleOf(tinyCifar100, test);

function load(root: string, options: Partial<LoadOptions> = {}): Promise<Uint8Array[]> {
  return loadCifar({ root, train: false, download: false, variant: tinyCifar100, remotes: [], ...options });
}

async function rootWith(name: string, bytes: Uint8Array): Promise<string> {
  const root = await temporaryDirectory();
  await mkdir(join(root, name, ".."), { recursive: true });
  await writeFile(join(root, name), bytes);
  return root;
}

describe("CIFAR-100", () => {
  it.each([
    ["cifar-100-binary/test.bin", test],
    ["test.bin", test],
    ["cifar-100-binary.tar.gz", tinyArchive100()],
    ["cifar-100-python/test", pickle],
    ["test", pickle],
    [
      "cifar-100-python.tar.gz",
      tarGzOf({ "cifar-100-python/meta": new Uint8Array(9), "cifar-100-python/test": pickle }),
    ],
  ])("is read from %s", async (name, bytes) => {
    const root = await rootWith(name, bytes);
    expect(await hasLocal(root, tinyCifar100)).toBe(true);
    const [batch, ...others] = await load(root);
    expect([Buffer.compare(batch as Uint8Array, test), others]).toEqual([0, []]);
  });

  it("has fine classes as targets, and coarse ones beside them", () => {
    const data = new CIFAR100(parseBatches(tinyCifar100, [train]));
    expect([data.length, data.targets[142], data.coarseTargets[142]]).toEqual([200, 42, 2]);
    const [image, target] = data.getItem(-1);
    expect([image.shape, target, data.classes[target]]).toEqual([[3, 32, 32], 99, "worm"]);
    expect(Array.from(image.toTypedArray())).toEqual(Array.from(train.subarray(-3072)));
    expect([data.classToIdx.apple, data.coarseClasses.length]).toEqual([0, 20]);
  });

  it("is no folder of that name", async () => {
    const root = await temporaryDirectory();
    await mkdir(join(root, "train"));
    await mkdir(join(root, "test"));
    expect(await CIFAR100.isPresent(root)).toBe(false);
    await expect(CIFAR100.load({ root })).rejects.toThrow(
      /CIFAR100: expected cifar-100-binary\/, cifar-100-python\/, .* found none.*about 169 MB/,
    );
  });

  it("with a damaged pickle or archive is refused with the MD5s", async () => {
    const wrong = pickle.slice();
    wrong[500] = (wrong[500] as number) ^ 1;
    const expected = tinyCifar100.md5?.pickles.test;
    await expect(load(await rootWith("cifar-100-python/test", wrong))).rejects.toThrow(
      new RegExp(`python/test: expected MD5 ${expected}, got [0-9a-f]{32}`),
    );
    const archive = await rootWith("cifar-100-binary.tar.gz", tarGzOf({ "cifar-100-binary/test.bin": test }));
    await expect(load(archive)).rejects.toThrow(/cifar-100-binary\.tar\.gz: expected MD5/);
    await expect(load(archive)).rejects.toBeInstanceOf(DataError);
  });

  it("with an unpacked file that cannot be is refused", async () => {
    const broken = (at: number, label: number) => {
      const copy = test.slice();
      copy[at] = label;
      return rootWith("cifar-100-binary/test.bin", copy);
    };
    const size = bytesPerRecord(tinyCifar100);
    await expect(load(await broken(1, 100))).rejects.toThrow(/labels from 0 to 99, got 100 for image 0/);
    await expect(load(await broken(1, 5))).rejects.toThrow(/each of 100 fine_labels 1 times, got 0 0 times/);
    await expect(load(await broken(5 * size, 6))).rejects.toThrow(/each of 20 coarse_labels 5 times, got 5 4 times/);
    const cut = await rootWith("cifar-100-binary/test.bin", test.subarray(size));
    await expect(load(cut)).rejects.toThrow(/test\.bin: expected 100 images in 307400 bytes, got 304326 bytes/);
    const mixed = train.slice();
    [mixed[0], mixed[size]] = [1, 0];
    const twice = await rootWith("cifar-100-binary/train.bin", mixed);
    await expect(load(twice, { train: true })).rejects.toThrow(/one coarse label for each fine one, got two for 0/);
  });

  it("is fetched into the binary layout, or not at all", async () => {
    const root = await temporaryDirectory();
    const remote = {
      name: "mirror",
      async *batches() {
        yield ["train", train] as const;
        yield ["test", test] as const;
      },
      discard: async () => undefined,
    };
    await load(root, { download: true, remotes: [remote] });
    expect(await readdir(join(root, "cifar-100-binary"))).toEqual(["test.bin", "train.bin"]);
    const offline = {
      ...remote,
      async *batches(): AsyncGenerator<readonly [string, Uint8Array]> {
        yield await Promise.reject(new Error("no route to host"));
      },
    };
    await expect(load(await temporaryDirectory(), { download: true, remotes: [offline] })).rejects.toThrow(
      /CIFAR100: could not be fetched.*mirror: no route to host.*put cifar-100-binary\/ or cifar-100-binary\.tar\.gz there/,
    );
  });
});
