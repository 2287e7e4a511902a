import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadCifar10 } from "../src/data.js";
import { temporaryDirectory } from "./temporary-directory.js";

const untouched = { normalization: null };

/** Why the images cannot be loaded. */
async function failure(data: string, download?: boolean): Promise<string> {
  const options = download === undefined ? { data } : { data, download };
  return loadCifar10("test", options, untouched).then(
    () => "none",
    (error: Error) => error.message,
  );
}

describe("a data directory", () => {
  it("that is missing is named, when nothing may be fetched", async () => {
    const directory = join(await temporaryDirectory(), "nowhere");
    expect(await failure(directory, false)).toMatch(/nowhere".*no such directory.*--download/);
  });

  it("with a damaged file is never replaced unasked; the file and its checksum are named", async () => {
    const directory = await temporaryDirectory();
    await mkdir(join(directory, "cifar-10-batches-bin"));
    const file = join(directory, "cifar-10-batches-bin", "test_batch.bin");
    await writeFile(file, "damaged");
    const message = await failure(directory);
    expect(message).toContain(file);
    expect(message).toContain("8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b");
    expect(message).toContain("--download");
  });

  it("without one of the files names it", async () => {
    const directory = await temporaryDirectory();
    await mkdir(join(directory, "cifar-10-batches-py"));
    expect(await failure(directory)).toMatch(/cifar-10-batches-py\/test_batch: the file is missing/);
  });

  it("with an archive of something else names it", async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, "cifar-10-python.tar.gz"), "no archive");
    expect(await failure(directory)).toMatch(/cifar-10-python\.tar\.gz/);
  });
});
