import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { makeDirectory, makeNewDirectory, runName } from "../src/run-directory.js";
import { temporaryDirectory } from "./temporary-directory.js";

describe("makeDirectory", () => {
  it("makes what is missing above, and does not mind what is there", async () => {
    const path = join(await temporaryDirectory(), "a", "b");
    expect(await makeDirectory(path)).toBe(path);
    expect(await makeDirectory(path)).toBe(path);
    expect(existsSync(path)).toBe(true);
  });

  it("names the place where it cannot be made", async () => {
    const file = join(await temporaryDirectory(), "file");
    await writeFile(file, "");
    await expect(makeDirectory(file)).rejects.toThrow(DataError);
    await expect(makeDirectory(join(file, "a"))).rejects.toThrow(`${join(file, "a")}: cannot make this directory`);
  });

  it.runIf(process.platform === "linux")("gives up where a file system takes no directories", async () => {
    await expect(makeDirectory("/proc/none/a")).rejects.toThrow("/proc/none: cannot make this directory");
  });
});

it("makeNewDirectory never takes one that is there", async () => {
  const path = join(await temporaryDirectory(), "runs", "name");
  expect([await makeNewDirectory(path), await makeNewDirectory(path), await makeNewDirectory(path)]).toEqual([
    path,
    `${path}-2`,
    `${path}-3`,
  ]);
});

it("runName is a date and a time that sort", () => {
  expect(runName(new Date(2026, 0, 5, 7, 8, 9))).toBe("2026-01-05-070809");
});
