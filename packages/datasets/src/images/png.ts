import { DataError } from "@kindling/tensor";
import { nodeModule } from "../node-module.js";
import { checkSize, type Picture, planesOf } from "./picture.js";
import { crc32, type PngHeader, pngSignature, readChunks } from "./png-format.js";

/** Deflate makes no more bytes than this of one, and a byte holds at most eight pixels. */
const pixelsPerByte = 1032 * 8;

export const isPng = (file: Uint8Array): boolean => pngSignature.every((byte, index) => file[index] === byte);

/** A part of the image that is stored by itself: the whole, or one of seven of an interlaced one. */
interface Pass {
  readonly left: number;
  readonly top: number;
  readonly stepX: number;
  readonly stepY: number;
}

const whole: readonly Pass[] = [{ left: 0, top: 0, stepX: 1, stepY: 1 }];
const adam7: readonly Pass[] = [
  { left: 0, top: 0, stepX: 8, stepY: 8 },
  { left: 4, top: 0, stepX: 8, stepY: 8 },
  { left: 0, top: 4, stepX: 4, stepY: 8 },
  { left: 2, top: 0, stepX: 4, stepY: 4 },
  { left: 0, top: 2, stepX: 2, stepY: 4 },
  { left: 1, top: 0, stepX: 2, stepY: 2 },
  { left: 0, top: 1, stepX: 1, stepY: 2 },
];

/** Decodes a PNG file of any kind to bytes: palettes become colours, of 16 bits the upper 8 stay, as with PIL. */
export function pictureFromPng(file: Uint8Array): Picture {
  const { header, palette, data } = readChunks(file);
  const { width, height, depth, samples, isIndexed } = header;
  checkSize("PNG", width, height, file.length, pixelsPerByte);
  const bitsPerPixel = samples * depth;
  const passes = (header.isInterlaced ? adam7 : whole)
    .map((pass) => ({
      ...pass,
      columns: Math.ceil((width - pass.left) / pass.stepX),
      rows: Math.ceil((height - pass.top) / pass.stepY),
    }))
    .filter(({ columns, rows }) => columns > 0 && rows > 0);
  const rowBytes = (columns: number) => Math.ceil((columns * bitsPerPixel) / 8);
  const expected = passes.reduce((total, { columns, rows }) => total + rows * (1 + rowBytes(columns)), 0);
  const raw = inflate(data, expected);
  const pixels = new Uint8Array(width * height * samples);
  let at = 0;
  for (const { left, top, stepX, stepY, columns, rows } of passes) {
    const length = rowBytes(columns);
    let above: Uint8Array = new Uint8Array(length);
    for (let row = 0; row < rows; row++, at += 1 + length) {
      const line = raw.subarray(at + 1, at + 1 + length);
      unfilter(raw[at] as number, line, above, Math.max(1, bitsPerPixel >> 3));
      above = line;
      if (stepX === 1 && depth === 8) {
        pixels.set(line, (top + row * stepY) * width * samples);
        continue;
      }
      const start = ((top + row * stepY) * width + left) * samples;
      for (let i = 0; i < columns * samples; i++) {
        const column = Math.floor(i / samples);
        pixels[start + column * stepX * samples + (i % samples)] = sampleAt(line, i, header);
      }
    }
  }
  if (isIndexed) return { channels: 3, height, width, planes: colours(pixels, palette as Uint8Array) };
  return { channels: samples as Picture["channels"], height, width, planes: planesOf(pixels, samples) };
}

function inflate(data: readonly Uint8Array[], expected: number): Uint8Array {
  const { inflateSync } = nodeModule("node:zlib", "decodePng");
  const { Buffer: NodeBuffer } = nodeModule("node:buffer", "decodePng");
  let raw: Uint8Array;
  try {
    raw = inflateSync(NodeBuffer.concat(data), { maxOutputLength: expected });
  } catch (cause) {
    const code = (cause as { code?: string }).code;
    const why =
      code === "Z_BUF_ERROR"
        ? "is cut off: pixels are missing"
        : code === "ERR_BUFFER_TOO_LARGE"
          ? "is damaged: it has more pixels than its header says"
          : `is damaged: ${(cause as Error).message}`;
    throw new DataError(`the PNG file ${why}`, { cause });
  }
  if (raw.length < expected)
    throw new DataError(`the PNG file is cut off: expected ${expected} bytes of pixels, got ${raw.length}`);
  return raw;
}

/** Undoes a row's filter in place: each byte was stored as its difference to what its neighbours predict. */
function unfilter(filter: number, line: Uint8Array, above: Uint8Array, distance: number): void {
  const { length } = line;
  switch (filter) {
    case 0:
      return;
    case 1:
      for (let i = distance; i < length; i++) line[i] = (line[i] as number) + (line[i - distance] as number);
      return;
    case 2:
      for (let i = 0; i < length; i++) line[i] = (line[i] as number) + (above[i] as number);
      return;
    case 3:
      for (let i = 0; i < length; i++) {
        const left = i < distance ? 0 : (line[i - distance] as number);
        line[i] = (line[i] as number) + ((left + (above[i] as number)) >> 1);
      }
      return;
    case 4:
      for (let i = 0; i < length; i++) {
        const left = i < distance ? 0 : (line[i - distance] as number);
        const corner = i < distance ? 0 : (above[i - distance] as number);
        line[i] = (line[i] as number) + paeth(left, above[i] as number, corner);
      }
      return;
    default:
      throw new DataError(`the PNG file is damaged: there is no filter ${filter}`);
  }
}

/** The neighbour that is nearest to left + above − corner. */
function paeth(left: number, above: number, corner: number): number {
  const toLeft = Math.abs(above - corner);
  const toAbove = Math.abs(left - corner);
  const toCorner = Math.abs(left + above - 2 * corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

/** Sample `index` of a row as a byte; of a palette's image, the index into the palette. */
function sampleAt(line: Uint8Array, index: number, { depth, isIndexed }: PngHeader): number {
  if (depth === 8) return line[index] as number;
  if (depth === 16) return line[2 * index] as number;
  const perByte = 8 / depth;
  const shift = 8 - depth * ((index % perByte) + 1);
  const value = ((line[Math.floor(index / perByte)] as number) >> shift) & (2 ** depth - 1);
  return isIndexed ? value : value * (255 / (2 ** depth - 1));
}

/** Looks indices up in a palette; black for those beyond it. */
function colours(indices: Uint8Array, palette: Uint8Array): Uint8Array {
  const planes = new Uint8Array(3 * indices.length);
  for (let channel = 0; channel < 3; channel++) {
    const start = channel * indices.length;
    for (let i = 0; i < indices.length; i++) planes[start + i] = palette[3 * (indices[i] as number) + channel] ?? 0;
  }
  return planes;
}

/** Encodes bytes of 1 to 4 channels. */
export function pngFromPicture({ channels, height, width, planes }: Picture, compressionLevel: number): Uint8Array {
  const { deflateSync } = nodeModule("node:zlib", "encodePng");
  const length = width * channels;
  const pixels = new Uint8Array(height * length);
  const count = width * height;
  for (let i = 0; i < pixels.length; i++)
    pixels[i] = planes[(i % channels) * count + Math.floor(i / channels)] as number;
  const raw = new Uint8Array(height * (1 + length));
  for (let row = 0; row < height; row++) {
    const start = row * length;
    const to = row * (1 + length) + 1;
    raw[to - 1] = 4;
    for (let i = 0; i < length; i++) {
      const at = start + i;
      const left = i < channels ? 0 : (pixels[at - channels] as number);
      const above = row === 0 ? 0 : (pixels[at - length] as number);
      const corner = row === 0 || i < channels ? 0 : (pixels[at - length - channels] as number);
      raw[to + i] = (pixels[at] as number) - paeth(left, above, corner);
    }
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, [0, 0, 4, 2, 6][channels] as number], 8);
  return concatenate([
    Uint8Array.from(pngSignature),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(raw, { level: compressionLevel })),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

function chunk(type: string, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(body.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, body.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(body, 8);
  view.setUint32(body.length + 8, crc32(bytes.subarray(4, body.length + 8)));
  return bytes;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
