import { crc32 } from "node:zlib";
import { DataError } from "@kindling/tensor";

/** What the file says about the image, and the image's compressed data. */
export interface PngContent {
  readonly header: PngHeader;
  /** Red, green and blue of each colour; empty if there is no palette. */
  readonly palette: Uint8Array;
  readonly compressed: Uint8Array;
}

export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits per sample. */
  readonly depth: number;
  readonly colorType: ColorType;
  readonly isInterlaced: boolean;
}

/** Samples per pixel and bits per sample of each colour type. */
export const colorTypes = {
  0: { name: "grey", channels: 1, depths: [1, 2, 4, 8, 16] },
  2: { name: "colour", channels: 3, depths: [8, 16] },
  3: { name: "palette", channels: 1, depths: [1, 2, 4, 8] },
  4: { name: "grey with alpha", channels: 2, depths: [8, 16] },
  6: { name: "colour with alpha", channels: 4, depths: [8, 16] },
} as const;
export type ColorType = keyof typeof colorTypes;

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Images beyond this many pixels would fill the memory. */
const maxPixels = 100_000_000;

/** Reads a PNG file's chunks, and checks their checksums. */
export function readChunks(file: Uint8Array): PngContent {
  if (!signature.every((byte, index) => file[index] === byte)) throw new DataError("this is no PNG file");
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let header: PngHeader | null = null;
  let palette = new Uint8Array(0);
  const compressed: Uint8Array[] = [];
  for (let at = signature.length; ; ) {
    if (at + 12 > file.length) throw new DataError("the PNG file is cut off");
    const length = view.getUint32(at);
    const end = at + 8 + length;
    if (end + 4 > file.length) throw new DataError("the PNG file is cut off");
    const type = String.fromCharCode(...file.subarray(at + 4, at + 8));
    if (crc32(file.subarray(at + 4, end)) !== view.getUint32(end)) {
      throw new DataError(`the PNG file is damaged: chunk ${JSON.stringify(type)} has another checksum`);
    }
    const data = file.subarray(at + 8, end);
    if (header === null) header = readHeader(type, data);
    else if (type === "PLTE") palette = data.slice();
    else if (type === "IDAT") compressed.push(data);
    else if (type === "IEND") return { header, palette, compressed: Buffer.concat(compressed) };
    at = end + 4;
  }
}

function readHeader(type: string, data: Uint8Array): PngHeader {
  if (type !== "IHDR" || data.length !== 13)
    throw new DataError("the PNG file is damaged: it does not begin with IHDR");
  const view = new DataView(data.buffer, data.byteOffset);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth = 0, colorType = 0, compression, filter, interlace = 0] = data.subarray(8);
  if (width === 0 || height === 0 || width * height > maxPixels) {
    throw new DataError(`expected an image of 1 to ${maxPixels} pixels, got ${width}×${height}`);
  }
  if (!isColorType(colorType) || !(colorTypes[colorType].depths as readonly number[]).includes(depth)) {
    throw new DataError(`the PNG file is damaged: there is no colour type ${colorType} with ${depth} bits`);
  }
  if (compression !== 0 || filter !== 0 || interlace > 1) {
    throw new DataError("the PNG file is damaged, or compressed in a way that PNG does not know");
  }
  return { width, height, depth, colorType, isInterlaced: interlace === 1 };
}

function isColorType(value: number): value is ColorType {
  return value in colorTypes;
}
