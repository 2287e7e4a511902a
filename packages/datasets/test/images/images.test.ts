import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import {
  DataError,
  DTypeError,
  fromArray,
  randint,
  ShapeError,
  type Tensor,
  tensor,
  UsageError,
  zeros,
} from "@kindling/tensor";
import { encode } from "fast-png";
import { describe, expect, it } from "vitest";
import { crc32, pngSignature } from "../../src/images/png-format.js";
import { decodeImage, decodeJpeg, decodePng, encodePng, readImage, writePng } from "../../src/index.js";
import { temporaryDirectory } from "../temporary-directory.js";
import { jpegs } from "./jpegs.js";

type Name = keyof typeof jpegs;
const jpeg = (name: Name): Uint8Array => new Uint8Array(Buffer.from(jpegs[name].base64, "base64"));

/** Of the interleaved bytes, so that no two may change places. */
function checksum(image: Tensor): number {
  const bytes = Array.from(image.permute(1, 2, 0).contiguous().toTypedArray());
  return bytes.reduce((sum, value, i) => sum + ((i % 251) + 1) * value, 0);
}

function chunk(type: string, body: Uint8Array): Buffer {
  const bytes = Buffer.alloc(body.length + 12);
  bytes.writeUInt32BE(body.length, 0);
  bytes.write(type, 4);
  bytes.set(body, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), body.length + 8);
  return bytes;
}

/** A PNG file with these rows, each a filter and its bytes. */
function pngOf(
  [width, height, depth, colour]: [number, number, number, number],
  rows: number[][],
  palette?: number[],
): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colour], 8);
  return Buffer.concat([
    Buffer.from(pngSignature),
    chunk("IHDR", header),
    ...(palette === undefined ? [] : [chunk("PLTE", Uint8Array.from(palette))]),
    chunk("IDAT", deflateSync(Uint8Array.from(rows.flat()))),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

describe("decodeJpeg", () => {
  it.each(Object.keys(jpegs) as Name[])("gives the bytes that PIL gives of a %s file", (name) => {
    const image = decodeJpeg(jpeg(name), "RGB");
    expect([image.dtype, image.shape]).toEqual(["uint8", [3, 11, 17]]);
    expect(checksum(image)).toBe(jpegs[name].checksum);
  });

  it("leaves grey at one channel", () => {
    const grey = decodeJpeg(jpeg("grey"));
    expect(grey.shape).toEqual([1, 11, 17]);
    expect(decodeJpeg(jpeg("grey"), "RGB").select(0, 2).equal(grey.select(0, 0))).toBe(true);
  });

  it.each(["baseline", "progressive"] as const)("says that a %s file is cut off, wherever it is", (name) => {
    const file = jpeg(name);
    for (let length = 3; length < file.length; length += 7) {
      expect(() => decodeJpeg(file.subarray(0, length)), String(length)).toThrow(/JPEG file is cut off/);
    }
  });

  it("survives any damaged byte, and decodes whole files after it", () => {
    const file = jpeg("baseline");
    for (let at = 2; at < file.length; at += 3) {
      const damaged = file.slice();
      damaged[at] = (damaged[at] as number) ^ 0xff;
      try {
        decodeJpeg(damaged);
      } catch (error) {
        expect(error).toBeInstanceOf(DataError);
      }
    }
    expect(checksum(decodeJpeg(file))).toBe(jpegs.baseline.checksum);
  });

  it("refuses an image that the file cannot hold, before it allocates it", () => {
    const file = jpeg("baseline");
    const frame = file.findIndex((byte, i) => byte === 0xff && file[i + 1] === 0xc0);
    file.set([0xff, 0xff, 0xff, 0xff], frame + 5);
    expect(() => decodeJpeg(file)).toThrow(/708 bytes cannot hold an image of 65535×65535/);
  });

  it("names the kind of a file that it cannot decode", () => {
    const file = jpeg("baseline");
    const frame = file.findIndex((byte, i) => byte === 0xff && file[i + 1] === 0xc0);
    file[frame + 1] = 0xc9;
    expect(() => decodeJpeg(file)).toThrow(/not supported \(frame c9, 8 bits, 3 components\)/);
    expect(() => decodeJpeg(encodePng(zeros([1, 2, 2], { dtype: "uint8" })))).toThrow(/no JPEG/);
  });
});

describe("decodePng", () => {
  it.each([1, 2, 3, 4])("gives back what encodePng was given, with %i channels", (channels) => {
    const image = randint(0, 256, [channels, 5, 7], { dtype: "uint8" });
    expect(decodePng(encodePng(image)).equal(image)).toBe(true);
    expect(decodePng(encodePng(image, 0), "RGB").shape).toEqual([3, 5, 7]);
  });

  it("drops alpha and repeats grey for RGB", () => {
    const image = fromArray(Uint8Array.from([1, 2, 250, 251]), [2, 1, 2], "uint8");
    expect(decodePng(encodePng(image), "RGB").toArray()).toEqual([[[1, 2]], [[1, 2]], [[1, 2]]]);
  });

  it("undoes every filter", () => {
    const rows = [
      [0, 10, 20, 30],
      [1, 1, 2, 3],
      [2, 1, 1, 1],
      [3, 9, 9, 9],
      [4, 5, 5, 250],
    ];
    expect(decodePng(pngOf([3, 5, 8, 0], rows)).toArray()).toEqual([
      [
        [10, 20, 30],
        [1, 3, 6],
        [2, 4, 7],
        [10, 16, 20],
        [15, 21, 15],
      ],
    ]);
  });

  it("spreads samples of less than a byte, and keeps the upper half of 16 bits", () => {
    expect(decodePng(pngOf([5, 1, 1, 0], [[0, 0b10110_000]])).toArray()).toEqual([[[255, 0, 255, 255, 0]]]);
    expect(decodePng(pngOf([3, 1, 2, 0], [[0, 0b00_01_11_00]])).toArray()).toEqual([[[0, 85, 255]]]);
    expect(decodePng(pngOf([3, 1, 4, 0], [[0, 0x0f, 0x80]])).toArray()).toEqual([[[0, 255, 136]]]);
    expect(decodePng(pngOf([1, 1, 16, 2], [[0, 1, 255, 2, 0, 255, 255]])).toArray()).toEqual([[[1]], [[2]], [[255]]]);
  });

  it("looks colours up in a palette", () => {
    const file = pngOf([2, 1, 4, 3], [[0, 0x10]], [1, 2, 3, 4, 5, 6]);
    expect(decodePng(file).toArray()).toEqual([[[4, 1]], [[5, 2]], [[6, 3]]]);
  });

  it.each([
    [1, 1],
    [13, 9],
    [3, 17],
  ])("reads interlaced images of %i×%i pixels", (width, height) => {
    const image = randint(0, 256, [3, height, width], { dtype: "uint8" });
    const data = image.permute(1, 2, 0).contiguous().toTypedArray() as Uint8Array;
    const file = encode({ width, height, data, channels: 3, depth: 8 }, { interlace: "Adam7" });
    expect(decodePng(file).equal(image)).toBe(true);
  });

  it("says that a file is cut off, wherever its pixels end", () => {
    const file = encodePng(randint(0, 256, [3, 8, 8], { dtype: "uint8" }));
    for (let length = 8; length < file.length - 12; length += 5) {
      expect(() => decodePng(file.subarray(0, length)), String(length)).toThrow(/PNG file is cut off/);
    }
    expect(() => decodePng(pngOf([3, 2, 8, 0], [[0, 1, 2, 3]]))).toThrow(/cut off: expected 8 bytes of pixels, got 4/);
  });

  it("finds any damaged byte of header, palette and pixels", () => {
    const file = pngOf([3, 1, 8, 3], [[0, 1, 0, 1]], [1, 2, 3, 4, 5, 6]);
    for (let at = 8; at < file.length - 12; at++) {
      const damaged = file.slice();
      damaged[at] = (damaged[at] as number) ^ 1;
      expect(() => decodePng(damaged), String(at)).toThrow(DataError);
    }
  });

  it("takes no more than the image needs of a file that unpacks to more", () => {
    expect(() => decodePng(pngOf([1, 1, 8, 0], [new Array(1_000_000).fill(0)]))).toThrow(
      /more pixels than its header says/,
    );
    expect(() => decodePng(pngOf([60_000, 60_000, 8, 0], [[0]]))).toThrow(/cannot hold an image of 60000×60000/);
    expect(() => decodePng(pngOf([0, 1, 8, 0], [[0]]))).toThrow(/its image is 0×1/);
  });

  it("refuses what no PNG file may hold", () => {
    expect(() => decodePng(pngOf([1, 1, 8, 0], [[7, 0]]))).toThrow(/no filter 7/);
    expect(() => decodePng(pngOf([1, 1, 4, 2], [[0, 0]]))).toThrow(/no colour type 2 with 4 bits/);
    expect(() => decodePng(pngOf([1, 1, 8, 3], [[0, 0]]))).toThrow(/no palette/);
    expect(() => decodePng(jpeg("grey"))).toThrow(/no PNG/);
  });
});

describe("images", () => {
  it("are told apart by their bytes, and others are refused", () => {
    expect(decodeImage(jpeg("grey")).shape).toEqual([1, 11, 17]);
    expect(decodeImage(encodePng(zeros([3, 2, 4], { dtype: "uint8" }))).shape).toEqual([3, 2, 4]);
    expect(() => decodeImage(new TextEncoder().encode("GIF89a"))).toThrow(
      /expected a PNG or JPEG file, got 6 bytes that begin with 47 49/,
    );
    expect(() => decodeImage(new Uint8Array(0))).toThrow(/begin with nothing/);
    expect(() => decodeImage("cat.png" as never)).toThrow(UsageError);
    expect(() => decodeImage(jpeg("grey"), "rgb" as never)).toThrow(/mode to be "UNCHANGED" or "RGB", got "rgb"/);
  });

  it("are written and read, with the file's name in errors", async () => {
    const directory = await temporaryDirectory();
    const path = join(directory, "ünï 画.png");
    const image = randint(0, 256, [3, 4, 4], { dtype: "uint8" });
    writePng(image.permute(0, 2, 1), path);
    expect(readImage(path).equal(image.permute(0, 2, 1))).toBe(true);
    expect(await readdir(directory)).toEqual(["ünï 画.png"]);
    await writeFile(path, (await readFile(path)).subarray(0, 50));
    expect(() => readImage(path)).toThrow(/ünï 画\.png: the PNG file is cut off/);
    expect(() => readImage(join(directory, "none.png"))).toThrow(/none\.png: ENOENT/);
    expect(() => readImage(directory)).toThrow(DataError);
    expect(() => writePng(image, join(directory, "no", "a.png"))).toThrow(/a\.png: cannot write/);
  });

  it("are of bytes, with one to four channels", () => {
    expect(() => encodePng(tensor([[[0.5]]]))).toThrow(DTypeError);
    expect(() => encodePng(zeros([5, 2, 2], { dtype: "uint8" }))).toThrow(ShapeError);
    expect(() => encodePng(zeros([1, 2, 2], { dtype: "uint8" }), 10)).toThrow(/compressionLevel from 0 to 9/);
  });
});
