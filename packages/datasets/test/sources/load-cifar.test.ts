import { mkdir, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { CIFAR10 } from "../../src/index.js";
import type { ProgressEvent } from "../../src/progress.js";
import type { RemoteSource } from "../../src/sources/cifar-downloads.js";
import { type LoadOptions, loadCifar } from "../../src/sources/load-cifar.js";
import { allFiles } from "../../src/vision/cifar-format.js";
import { temporaryDirectory } from "../temporary-directory.js";
import { pickleOf, tarGzOf, tinyBatch, tinyCifar10, writeTinyCifar10 } from "../tiny-cifar.js";

const testBatch = tinyBatch("test_batch");
const trainBatch = tinyBatch("data_batch_1");

function load(root: string, options: Partial<LoadOptions> = {}): Promise<Uint8Array[]> {
  return loadCifar({ root, train: false, download: false, variant: tinyCifar10, remotes: [], ...options });
}

function remote(
  batch: (name: string) => Uint8Array | Error,
  name = "mirror",
): RemoteSource & { fetched: number; discarded: number } {
  return {
    name,
    fetched: 0,
    discarded: 0,
    async *batches() {
      this.fetched++;
      for (const batchName of allFiles(tinyCifar10)) {
        const bytes = batch(batchName);
        if (bytes instanceof Error) throw bytes;
        yield [batchName, bytes] as const;
      }
    },
    async discard() {
      this.discarded++;
    },
  };
}

describe("an existing root", () => {
  it("in the binary layout is read, split by split", async () => {
    const root = await temporaryDirectory();
    await writeTinyCifar10(root);
    expect((await load(root)).map((batch) => Buffer.compare(batch, testBatch))).toEqual([0]);
    const train = await load(root, { train: true });
    expect(train.length).toBe(5);
    expect(Buffer.compare(train[0] as Uint8Array, trainBatch)).toBe(0);
  });

  it("needs only the files of the split that is asked for", async () => {
    const root = await temporaryDirectory();
    await writeTinyCifar10(root);
    await rm(join(root, "cifar-10-batches-bin", "data_batch_4.bin"));
    expect((await load(root)).length).toBe(1);
    await expect(load(root, { train: true })).rejects.toThrow(/data_batch_4\.bin: the file is missing/);
  });

  it("in the Python layout gives the same bytes", async () => {
    const root = await temporaryDirectory();
    await mkdir(join(root, "cifar-10-batches-py"));
    await writeFile(join(root, "cifar-10-batches-py", "test_batch"), pickleOf(tinyCifar10, testBatch));
    const [batch] = await load(root);
    expect(Buffer.compare(batch as Uint8Array, testBatch)).toBe(0);
  });

  it.each([
    ["cifar-10-binary.tar.gz", "cifar-10-batches-bin/test_batch.bin", testBatch],
    ["cifar-10-python.tar.gz", "cifar-10-batches-py/test_batch", pickleOf(tinyCifar10, testBatch)],
  ])("may be the archive %s", async (archive, member, bytes) => {
    const root = await temporaryDirectory();
    await writeFile(join(root, archive), tarGzOf({ "readme.txt": new Uint8Array(100), [member]: bytes }));
    const [batch] = await load(root);
    expect(Buffer.compare(batch as Uint8Array, testBatch)).toBe(0);
    expect(await readdir(root)).toEqual([archive]);
  });

  it("may be the unpacked folder itself", async () => {
    const root = await temporaryDirectory();
    await writeTinyCifar10(root);
    expect(await load(join(root, "cifar-10-batches-bin"))).toEqual(await load(root));
    await rm(join(root, "cifar-10-batches-bin", "test_batch.bin"));
    await expect(load(join(root, "cifar-10-batches-bin"))).rejects.toThrow(/bin\/test_batch\.bin: the file is missing/);
  });

  it("is told from one without CIFAR-10, whether whole or damaged", async () => {
    const root = await temporaryDirectory();
    await writeFile(join(root, "other.bin"), "");
    expect(await CIFAR10.isPresent(root)).toBe(false);
    expect(await CIFAR10.isPresent(join(root, "nowhere"))).toBe(false);
    for (const name of ["cifar-10-python.tar.gz", "test_batch.bin", "data_batch_3"]) {
      await writeFile(join(root, name), "");
      expect(await CIFAR10.isPresent(root), name).toBe(true);
      await rm(join(root, name));
    }
    await mkdir(join(root, "cifar-10-batches-bin"));
    expect(await CIFAR10.isPresent(root)).toBe(true);
  });

  it("that is missing is named, with the way to mend it", async () => {
    const root = join(await temporaryDirectory(), "nowhere");
    await expect(load(root)).rejects.toThrow(/nowhere".*no such directory.*download: true/);
    await expect(load(root)).rejects.toBeInstanceOf(DataError);
  });

  it("with a truncated file names the file, its size and the expected checksum", async () => {
    const root = await temporaryDirectory();
    await writeTinyCifar10(root);
    await truncate(join(root, "cifar-10-batches-bin", "test_batch.bin"), 1000);
    await expect(load(root)).rejects.toThrow(
      new RegExp(
        `test_batch\\.bin: expected 3 images in 9219 bytes with SHA-256 ${tinyCifar10.sha256?.test_batch}, got 1000 bytes`,
      ),
    );
  });

  it("with one wrong bit names the file and both checksums", async () => {
    const root = await temporaryDirectory();
    await writeTinyCifar10(root);
    const wrong = testBatch.slice();
    wrong[5000] = (wrong[5000] as number) ^ 1;
    await writeFile(join(root, "cifar-10-batches-bin", "test_batch.bin"), wrong);
    await expect(load(root)).rejects.toThrow(
      new RegExp(`test_batch\\.bin: .*${tinyCifar10.sha256?.test_batch}, got [0-9a-f]{64}`),
    );
  });

  it("with a damaged archive says so", async () => {
    const root = await temporaryDirectory();
    const archive = tarGzOf({ "cifar-10-batches-bin/test_batch.bin": testBatch });
    await writeFile(join(root, "cifar-10-binary.tar.gz"), archive.subarray(0, archive.length - 200));
    await expect(load(root)).rejects.toThrow(/cifar-10-binary\.tar\.gz/);
    await expect(load(root)).rejects.toBeInstanceOf(DataError);
  });

  it("falls back to another layout when the first is damaged", async () => {
    const root = await temporaryDirectory();
    await mkdir(join(root, "cifar-10-batches-bin"));
    await writeFile(join(root, "cifar-10-batches-bin", "test_batch.bin"), "nothing");
    await mkdir(join(root, "cifar-10-batches-py"));
    await writeFile(join(root, "cifar-10-batches-py", "test_batch"), pickleOf(tinyCifar10, testBatch));
    expect((await load(root)).length).toBe(1);
  });
});

describe("a download", () => {
  it("leaves the official binary layout and nothing else", async () => {
    const root = join(await temporaryDirectory(), "new", "data");
    const source = remote(tinyBatch);
    const events: ProgressEvent[] = [];
    const [batch] = await load(root, { download: true, remotes: [source], progress: (event) => events.push(event) });
    expect(Buffer.compare(batch as Uint8Array, testBatch)).toBe(0);
    expect(await readdir(root)).toEqual(["cifar-10-batches-bin"]);
    expect((await readdir(join(root, "cifar-10-batches-bin"))).sort()).toEqual(
      allFiles(tinyCifar10)
        .map((name) => `${name}.bin`)
        .sort(),
    );
    expect(events.at(-1)).toEqual({ phase: "write", done: 6, total: 6, source: "mirror" });
    expect(source.discarded).toBe(1);
  });

  it("happens once; later loads read what is there", async () => {
    const root = await temporaryDirectory();
    const source = remote(tinyBatch);
    await load(root, { download: true, remotes: [source] });
    await load(root, { download: true, remotes: [source], train: true });
    expect(source.fetched).toBe(1);
  });

  it("does not happen unless allowed", async () => {
    const source = remote(tinyBatch);
    await expect(load(await temporaryDirectory(), { remotes: [source] })).rejects.toThrow(/pass download: true/);
    expect(source.fetched).toBe(0);
  });

  it("goes on to the next source, and tells why each one failed", async () => {
    const offline = remote(() => new Error("no route to host"), "first");
    const root = await temporaryDirectory();
    expect((await load(root, { download: true, remotes: [offline, remote(tinyBatch, "second")] })).length).toBe(1);
    await expect(load(await temporaryDirectory(), { download: true, remotes: [offline, offline] })).rejects.toThrow(
      /first: no route to host; first: no route to host.*Try again/,
    );
  });

  it("of wrong bytes is refused, and leaves no cache behind", async () => {
    const root = await temporaryDirectory();
    const wrong = remote((name) => (name === "data_batch_3" ? tinyBatch("data_batch_4") : tinyBatch(name)));
    await expect(load(root, { download: true, remotes: [wrong] })).rejects.toThrow(/data_batch_3/);
    expect(await readdir(root)).toEqual([]);
    expect(wrong.discarded).toBe(1);
  });

  it("that breaks off half-way leaves no cache behind", async () => {
    const root = await temporaryDirectory();
    const broken = remote((name) => (name === "data_batch_5" ? new Error("connection reset") : tinyBatch(name)));
    await expect(load(root, { download: true, remotes: [broken] })).rejects.toThrow(/connection reset/);
    expect(await readdir(root)).toEqual([]);
  });

  it("repairs a damaged cache", async () => {
    const root = await temporaryDirectory();
    await writeTinyCifar10(root);
    await truncate(join(root, "cifar-10-batches-bin", "test_batch.bin"), 10);
    await load(root, { download: true, remotes: [remote(tinyBatch)] });
    expect((await load(root)).length).toBe(1);
  });

  it("on a full disk says so, tries no other source, and leaves no cache behind", async () => {
    const root = await temporaryDirectory();
    const full = remote((name) =>
      name === "data_batch_2"
        ? Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" })
        : tinyBatch(name),
    );
    const other = remote(tinyBatch);
    await expect(load(root, { download: true, remotes: [full, other] })).rejects.toThrow(/disk is full/);
    expect(other.fetched).toBe(0);
    expect(await readdir(root)).toEqual([]);
  });

  it("is done by one of two that start at once; the other waits for it", async () => {
    const root = await temporaryDirectory();
    const source = remote(tinyBatch);
    const phases: string[] = [];
    const options = { download: true, remotes: [source], progress: ({ phase }: ProgressEvent) => phases.push(phase) };
    const [first, second] = await Promise.all([load(root, options), load(root, options)]);
    expect(source.fetched).toBe(1);
    expect(phases).toContain("wait");
    expect(first).toEqual(second);
  });

  it("takes over the lock of a process that is gone", async () => {
    const root = await temporaryDirectory();
    const { hostname } = await import("node:os");
    await writeFile(join(root, ".cifar-10.lock"), JSON.stringify({ pid: 2 ** 30, host: hostname() }));
    expect((await load(root, { download: true, remotes: [remote(tinyBatch)] })).length).toBe(1);
    expect(await readdir(root)).toEqual(["cifar-10-batches-bin"]);
  });

  it("removes what a killed writer left", async () => {
    const root = await temporaryDirectory();
    await mkdir(join(root, ".cifar-10-batches-bin.writing-1-abc"));
    await load(root, { download: true, remotes: [remote(tinyBatch)] });
    expect(await readdir(root)).toEqual(["cifar-10-batches-bin"]);
  });

  it.runIf(process.platform === "linux")("into a place that takes no directory is refused", async () => {
    await expect(load("/proc/none/data", { download: true, remotes: [remote(tinyBatch)] })).rejects.toThrow(
      /\/proc\/none: cannot write/,
    );
  });

  it("into a place that is a file is refused with the reason", async () => {
    const root = join(await temporaryDirectory(), "file");
    await writeFile(root, "");
    await expect(load(root, { download: true, remotes: [remote(tinyBatch)] })).rejects.toBeInstanceOf(DataError);
    await expect(load(root, { download: true, remotes: [remote(tinyBatch)] })).rejects.toThrow(
      /file: there is a file in/,
    );
  });
});
