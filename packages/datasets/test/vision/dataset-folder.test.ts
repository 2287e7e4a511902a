import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DataError, full, type Tensor, UsageError } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { DataLoader, DatasetFolder, encodePng, ImageFolder, transforms } from "../../src/index.js";
import { temporaryDirectory } from "../temporary-directory.js";

/** A directory with these files. */
async function folder(files: Readonly<Record<string, Uint8Array | string>>): Promise<string> {
  const root = await temporaryDirectory();
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), bytes);
  }
  return root;
}

const png = (value: number, channels = 3): Uint8Array => encodePng(full([channels, 2, 3], value, { dtype: "uint8" }));
const texts = { extensions: [".txt"] };
const nameOf = (path: string) => path;

describe("DatasetFolder", () => {
  it("has the classes and samples in torchvision's order", async () => {
    const names = ["b/2.txt", "b/10.txt", "b/a/x.TXT", "b/a-b/y.txt", "b/a/deep/z.txt", "a/1.txt", "a/1.md", "top.txt"];
    const root = await folder(Object.fromEntries(names.map((name) => [name, name])));
    const data = new DatasetFolder(root, nameOf, texts);
    expect(data.classes).toEqual(["a", "b"]);
    expect(data.classToIdx).toEqual({ a: 0, b: 1 });
    // Folders are sorted by their whole paths: "-" comes before "/".
    expect(data.samples.map(([path, target]) => [path.slice(root.length + 1), target])).toEqual([
      ["a/1.txt", 0],
      ["b/10.txt", 1],
      ["b/2.txt", 1],
      ["b/a/x.TXT", 1],
      ["b/a-b/y.txt", 1],
      ["b/a/deep/z.txt", 1],
    ]);
    expect(data.targets).toEqual([0, 1, 1, 1, 1, 1]);
    expect([data.length, data.getItem(-1)[1]]).toEqual([6, 1]);
  });

  it("sorts names by code points, as Python does", async () => {
    const root = await folder({ "\u{1f600}/1.txt": "", "\uff21/1.txt": "", "Z/1.txt": "", "é/1.txt": "" });
    expect(new DatasetFolder(root, nameOf, texts).classes).toEqual(["Z", "é", "\uff21", "\u{1f600}"]);
  });

  it("follows links to files and folders, but not in circles", async () => {
    const root = await folder({ "a/1.txt": "one", "elsewhere/b/2.txt": "two" });
    const data = join(root, "data");
    await mkdir(data);
    await symlink(join(root, "a"), join(data, "a"));
    await symlink(join(root, "elsewhere", "b"), join(data, "b"));
    await symlink(join(root, "elsewhere"), join(root, "elsewhere", "b", "circle"));
    const found = new DatasetFolder(data, nameOf, texts).samples.map(([path]) => path.slice(data.length));
    expect(found).toEqual(["/a/1.txt", "/b/2.txt"]);
  });

  it("applies loader and transforms", async () => {
    const root = await folder({ "a/1.txt": "", "b/2.txt": "" });
    const data = new DatasetFolder(root, (path) => path.length, {
      isValidFile: (path) => path.endsWith("2.txt"),
      allowEmpty: true,
      transform: (length) => `${length > 0}`,
      targetTransform: (target) => target * 10,
    });
    expect(data.getItem(0)).toEqual(["true", 10]);
    expect(() => data.getItem(1)).toThrow(/DatasetFolder: expected an index from -1 to 0, got 1/);
  });

  it("refuses a class without files unless allowed, and a directory without classes", async () => {
    const root = await folder({ "a/1.txt": "", "b/2.md": "", "c/none": "" });
    expect(() => new DatasetFolder(root, nameOf, texts)).toThrow(
      /found no files with the endings \.txt of the classes b, c;/,
    );
    expect(new DatasetFolder(root, nameOf, { ...texts, allowEmpty: true }).classes).toEqual(["a", "b", "c"]);
    expect(() => new DatasetFolder(join(root, "a"), nameOf, texts)).toThrow(
      /expected a folder for each class, found none/,
    );
    expect(() => new DatasetFolder(join(root, "nowhere"), nameOf, texts)).toThrow(/nowhere: cannot read the directory/);
    expect(() => new DatasetFolder(root, nameOf)).toThrow(UsageError);
    expect(() => new DatasetFolder(root, nameOf, { ...texts, isValidFile: () => true })).toThrow(/not both/);
    expect(() => new DatasetFolder("", nameOf, texts)).toThrow(/root to name a directory/);
  });

  it("lets a subclass choose the classes", async () => {
    class Merged extends DatasetFolder<string> {
      override findClasses() {
        return { classes: ["both"], classToIdx: { a: 0, b: 0 } };
      }
    }
    const data = new Merged(await folder({ "a/1.txt": "", "b/2.txt": "", "c/3.txt": "" }), nameOf, texts);
    expect([data.targets, data.classes]).toEqual([[0, 0], ["both"]]);
  });
});

describe("ImageFolder", () => {
  it("gives images as RGB, and batches of them", async () => {
    const root = await folder({
      "cat/1.png": png(7),
      "cat/2.PNG": png(8, 1),
      "dog/1.jpeg": png(9, 4),
      "dog/notes.md": "",
    });
    const data = new ImageFolder(root, { transform: new transforms.ToTensor() });
    expect([data.classes, data.imgs.length]).toEqual([["cat", "dog"], 3]);
    const [batch] = new DataLoader(data, { batchSize: 3 });
    const [images, targets] = batch as [Tensor, Tensor];
    expect([images.shape, targets.toArray()]).toEqual([
      [3, 3, 2, 3],
      [0, 0, 1],
    ]);
    expect(images.select(0, 1).mul(255).sum().item()).toBeCloseTo(8 * 18, 4);
    expect(new ImageFolder(root).getItem(2)[0].equal(full([3, 2, 3], 9, { dtype: "uint8" }))).toBe(true);
  });

  it("names a damaged file, and one that it cannot read", async () => {
    const root = await folder({ "a/1.png": png(7).subarray(0, 40), "a/2.bmp": "BM", "b/1.png": png(1) });
    const data = new ImageFolder(root);
    expect(() => data.getItem(0)).toThrow(/a\/1\.png: the PNG file is cut off/);
    expect(() => data.getItem(0)).toThrow(DataError);
    expect(() => data.getItem(1)).toThrow(/a\/2\.bmp: expected a PNG or JPEG file/);
    const own = new ImageFolder(root, {
      loader: () => full([3, 1, 1], 1),
      isValidFile: (path) => !path.endsWith(".bmp"),
    });
    expect([own.length, own.getItem(0)[0].shape]).toEqual([2, [3, 1, 1]]);
  });
});
