import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "@kindling/tensor";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readArchive } from "../../src/sources/archive.js";
import { temporaryDirectory } from "../temporary-directory.js";
import { tarGzOf, tarOf } from "../tiny-cifar.js";

async function archive(bytes: Uint8Array): Promise<string> {
  const path = join(await temporaryDirectory(), "archive.tar.gz");
  await writeFile(path, bytes);
  return path;
}

describe("readArchive", () => {
  it("reads the members asked for, and no others", async () => {
    const path = await archive(
      tarGzOf({ a: Uint8Array.of(1, 2), b: Uint8Array.of(3), c: new Uint8Array(2000).fill(4) }),
    );
    const found = await readArchive(path, ["a", "c", "missing"], 2000);
    expect([...found.keys()]).toEqual(["a", "c"]);
    expect([...(found.get("a") ?? [])]).toEqual([1, 2]);
    expect(found.get("c")).toEqual(new Uint8Array(2000).fill(4));
  });

  it.each(["../outside", "inside/../../outside", "/etc/outside"])("refuses the path %s", async (name) => {
    await expect(readArchive(await archive(tarGzOf({ [name]: Uint8Array.of(1) })), ["a"], 10)).rejects.toThrow(
      /refusing the path/,
    );
  });

  it("refuses a member that is larger than it may be", async () => {
    await expect(readArchive(await archive(tarGzOf({ a: new Uint8Array(1000) })), ["a"], 999)).rejects.toThrow(
      /expected a to have at most 999 bytes, it claims 1000/,
    );
  });

  it("refuses a truncated archive", async () => {
    const noise = Uint8Array.from({ length: 20_000 }, (_, i) => (i * i * 31) >> 3);
    const whole = tarGzOf({ a: noise });
    const path = await archive(whole.subarray(0, whole.length / 2));
    await expect(readArchive(path, ["a"], 20_000)).rejects.toThrow(/archive is damaged/);
  });

  it("answers any damage with members or a DataError", async () => {
    const whole = tarOf({ a: Uint8Array.of(1, 2, 3), b: new Uint8Array(600) });
    const path = await archive(whole);
    const damage = fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 4 }), async (changes) => {
        const copy = whole.slice();
        for (const [at, byte] of changes) copy[at] = byte;
        await writeFile(path, copy);
        try {
          for (const bytes of (await readArchive(path, ["a", "b"], 1000)).values())
            expect(bytes.length).toBeLessThanOrEqual(1000);
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
        }
      }),
      { numRuns: 50 },
    );
  });
});
