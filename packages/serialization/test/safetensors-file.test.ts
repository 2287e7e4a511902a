import { chmod, mkdir, open, readdir, readFile, symlink, truncate, writeFile } from "node:fs/promises";
import { getuid } from "node:process";
import { DataError, ones, zeros } from "@kindling/tensor";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { loadSafetensors, saveSafetensors, toSafetensors } from "../src/index.js";
import { temporaryDirectory } from "./temporary-directory.js";

/** Makes a method of every open file fail as the system would. */
async function failing(method: "writeFile" | "sync", code: string): Promise<void> {
  const handle = await open(import.meta.filename, "r");
  const prototype = Object.getPrototypeOf(handle) as typeof handle;
  await handle.close();
  const spy = vi.spyOn(prototype, method);
  spy.mockRejectedValue(Object.assign(new Error(`${code}: simulated`), { code }));
  onTestFinished(() => spy.mockRestore());
}

describe("saveSafetensors", () => {
  it("writes the bytes of toSafetensors, and nothing else into the folder", async () => {
    const folder = await temporaryDirectory();
    const tensors = { weight: ones([2, 3]) };
    await saveSafetensors(tensors, `${folder}/m.safetensors`, { metadata: { a: "b" } });
    expect(await readdir(folder)).toEqual(["m.safetensors"]);
    expect(new Uint8Array(await readFile(`${folder}/m.safetensors`))).toEqual(
      toSafetensors(tensors, { metadata: { a: "b" } }),
    );
  });

  it("takes the values when it is called", async () => {
    const file = `${await temporaryDirectory()}/m.safetensors`;
    const weight = ones([2]);
    const saved = saveSafetensors({ weight }, file);
    weight.zero_();
    await saved;
    expect((await loadSafetensors(file)).tensors.weight?.toArray()).toEqual([1, 1]);
  });

  it("leaves one whole file when several are written at once", async () => {
    const folder = await temporaryDirectory();
    const file = `${folder}/m.safetensors`;
    await Promise.all(Array.from({ length: 8 }, (_, i) => saveSafetensors({ x: zeros([1000]).add(i) }, file)));
    const values = new Set((await loadSafetensors(file)).tensors.x?.toTypedArray());
    expect(values.size).toBe(1);
    expect(await readdir(folder)).toEqual(["m.safetensors"]);
  });

  it.each([
    ["writeFile", "ENOSPC", /the disk is full; free some space/],
    ["writeFile", "EDQUOT", /disk quota is used up/],
    ["sync", "EIO", /cannot write: EIO/],
    ["writeFile", "EROFS", /its folder is read-only/],
    ["writeFile", "EACCES", /no permission to write into its folder/],
  ] as const)("keeps the older file and leaves no other when %s fails with %s", async (method, code, message) => {
    const folder = await temporaryDirectory();
    const file = `${folder}/m.safetensors`;
    await saveSafetensors({ x: ones([1]) }, file);
    await failing(method, code);
    const saved = saveSafetensors({ x: zeros([1]) }, file);
    await expect(saved).rejects.toThrow(DataError);
    await expect(saved).rejects.toThrow(message);
    await expect(saved).rejects.toThrow(file);
    expect(await readdir(folder)).toEqual(["m.safetensors"]);
    vi.restoreAllMocks();
    expect((await loadSafetensors(file)).tensors.x?.item()).toBe(1);
  });

  it.skipIf(getuid?.() === 0)("says so when the folder may not be written to (not run as root, who may)", async () => {
    const folder = await temporaryDirectory();
    await chmod(folder, 0o500);
    await expect(saveSafetensors({}, `${folder}/m.safetensors`)).rejects.toThrow(/m.safetensors: no permission/);
  });

  it("says what is in the way", async () => {
    const folder = await temporaryDirectory();
    await mkdir(`${folder}/taken`);
    await writeFile(`${folder}/file`, "");
    await expect(saveSafetensors({}, `${folder}/none/m`)).rejects.toThrow(/none\/m: its folder does not exist; create/);
    await expect(saveSafetensors({}, `${folder}/file/m`)).rejects.toThrow(/file\/m: its folder is a file/);
    await expect(saveSafetensors({}, `${folder}/taken`)).rejects.toThrow(/taken: there is a folder of this name/);
    expect(await readdir(folder)).toEqual(["file", "taken"]);
  });
});

describe("loadSafetensors", () => {
  it("names the file in every error", async () => {
    const folder = await temporaryDirectory();
    const file = `${folder}/m.safetensors`;
    await expect(loadSafetensors(file)).rejects.toThrow(`${file}: there is no such file`);
    await expect(loadSafetensors(folder)).rejects.toThrow(`${folder}: expected a file, found a folder`);
    await saveSafetensors({ x: ones([4]) }, file);
    await truncate(file, 78);
    const loaded = loadSafetensors(file);
    await expect(loaded).rejects.toThrow(DataError);
    await expect(loaded).rejects.toThrow(`${file}: the tensors need 16 bytes`);
  });

  it("follows links", async () => {
    const folder = await temporaryDirectory();
    await saveSafetensors({ x: ones([1]) }, `${folder}/m`);
    await symlink(`${folder}/m`, `${folder}/latest`);
    expect((await loadSafetensors(`${folder}/latest`)).tensors.x?.item()).toBe(1);
  });

  it("reads a sparse file that announces more than it holds without reading its holes", async () => {
    const file = `${await temporaryDirectory()}/m`;
    await writeFile(file, Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0));
    await truncate(file, 1000);
    await expect(loadSafetensors(file)).rejects.toThrow(/announce a header of 4294967296 bytes, 992 bytes follow/);
  });
});
