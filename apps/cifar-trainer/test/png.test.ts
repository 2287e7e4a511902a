import { deflateSync } from "node:zlib";
import { DataError } from "@kindling/tensor";
import { encode as encodeElsewhere } from "fast-png";
import { describe, expect, it } from "vitest";
import { decodePng, type Picture } from "../src/png.js";
import { channelsOf, chunk, encodePng, headerOf, linesOf, type PngToEncode } from "./encode-png.js";

const kinds = [
  [0, 1, "grey"],
  [0, 2, "grey"],
  [0, 4, "grey"],
  [0, 8, "grey"],
  [0, 16, "grey"],
  [2, 8, "colour"],
  [2, 16, "colour"],
  [3, 1, "palette"],
  [3, 2, "palette"],
  [3, 4, "palette"],
  [3, 8, "palette"],
  [4, 8, "grey with alpha"],
  [4, 16, "grey with alpha"],
  [6, 8, "colour with alpha"],
  [6, 16, "colour with alpha"],
] as const;

const palette = Array.from({ length: 256 * 3 }, (_, index) => (index * 89 + 7) % 256);

function made(colorType: number, depth: number, size: readonly [number, number], isInterlaced = false): PngToEncode {
  const [width, height] = size;
  return {
    width,
    height,
    depth,
    colorType,
    isInterlaced,
    ...(colorType === 3 ? { palette: palette.slice(0, 3 * 2 ** depth) } : {}),
    sample: (x, y, channel) => ((x * 2654435 + y * 40503 + channel * 977 + ((x * y) % 7) * 331) >>> 1) % 2 ** depth,
  };
}

/** The same image, worked out sample by sample. */
function expected({ width, height, depth, colorType, sample }: PngToEncode): Picture {
  const planes = new Uint8Array(3 * width * height);
  const isGrey = (channelsOf[colorType] as number) < 3;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let i = 0; i < 3; i++) {
        const value = sample(x, y, isGrey ? 0 : i);
        const byte = colorType === 3 ? palette[value * 3 + i] : Math.round((value * 255) / (2 ** depth - 1));
        planes[(i * height + y) * width + x] = byte as number;
      }
    }
  }
  return { width, height, planes };
}

describe.each([
  ["", false, kinds],
  [", interlaced", true, kinds.filter(([, depth]) => depth >= 8)],
] as const)("a PNG file%s", (_, isInterlaced, kinds) => {
  it.each(kinds)("of colour type %i with %i bits (%s) is decoded to the pixel", (colorType, depth) => {
    for (const size of [
      [1, 1],
      [3, 2],
      [8, 8],
      [13, 17],
      [33, 9],
    ] as const) {
      const image = made(colorType, depth, size, isInterlaced);
      expect(decodePng(encodePng(image)), size.join("×")).toEqual(expected(image));
    }
  });
});

it.each(["null", "Adam7"] as const)("what another program has written is decoded (interlace %s)", (interlace) => {
  const data = Uint8Array.from({ length: 20 * 11 * 4 }, (_, index) => (index * 37) % 256);
  const { planes } = decodePng(encodeElsewhere({ width: 20, height: 11, channels: 4, depth: 8, data }, { interlace }));
  for (let pixel = 0; pixel < 220; pixel++) {
    for (let i = 0; i < 3; i++) expect(planes[i * 220 + pixel]).toBe(data[pixel * 4 + i]);
  }
});

it("chunks that only tell more about an image are passed over", () => {
  const image = made(2, 8, [4, 4]);
  const file = encodePng(image);
  const [header, rest] = [file.subarray(0, 33), file.subarray(33)];
  const noted = Buffer.concat([
    header,
    chunk("tEXt", Buffer.from("Author\0me")),
    chunk("gAMA", new Uint8Array(4)),
    rest,
  ]);
  expect(decodePng(noted)).toEqual(expected(image));
});

describe("what is no PNG, or damaged, is refused:", () => {
  const file = Buffer.from(encodePng(made(2, 8, [5, 5])));
  const signature = file.subarray(0, 8);
  const build = (
    header: Partial<PngToEncode>,
    lines: Uint8Array,
    compress: (lines: Uint8Array) => Uint8Array = deflateSync,
  ) => {
    const whole = { width: 5, height: 5, depth: 8, colorType: 2, ...header };
    const chunks = [chunk("IHDR", headerOf(whole)), chunk("IDAT", compress(lines)), chunk("IEND", new Uint8Array(0))];
    return Buffer.concat([signature, ...chunks]);
  };
  const lines = linesOf(made(2, 8, [5, 5]));
  const flipped = Buffer.from(file);
  flipped.writeUInt8(flipped.readUInt8(50) ^ 1, 50);
  const wrongFilter = Uint8Array.from(lines);
  wrongFilter[16] = 9;

  it.each<[string, Uint8Array, RegExp]>([
    ["an empty file", new Uint8Array(0), /no PNG/],
    ["a JPEG file", Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 74, 70, 73, 70]), /no PNG/],
    ["a file that is cut off", file.subarray(0, 60), /damaged/],
    ["a file of a signature only", signature, /cut off/],
    ["a file without an end", file.subarray(0, -12), /damaged/],
    ["a chunk with a wrong bit", flipped, /CRC mismatch/],
    ["a width of 0", build({ width: 0 }, lines), /image is 0×5/],
    ["an image larger than the file can hold", build({ width: 2 ** 30, height: 2 ** 30 }, lines), /cannot hold/],
    ["an unknown colour type", build({ colorType: 5 }, lines), /color type: 5/],
    ["fewer pixels than promised", build({}, lines.subarray(0, 40)), /damaged/],
    ["data that are not compressed", build({}, lines, (plain) => plain), /damaged: /],
    ["an unknown filter", build({}, wrongFilter), /filter: 9/],
    ["a colour that is not in the palette", build({ colorType: 3, depth: 8 }, linesOf(made(0, 8, [5, 5]))), /damaged/],
    ["an interlaced image of 4 bits", encodePng(made(3, 4, [5, 5], true)), /without interlacing/],
  ])("%s", (_, bytes, message) => {
    expect(() => decodePng(bytes)).toThrow(message);
    expect(() => decodePng(bytes)).toThrow(DataError);
  });
});
