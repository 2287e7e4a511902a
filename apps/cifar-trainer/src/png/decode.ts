import { inflateSync } from "node:zlib";
import { DataError } from "@kindling/tensor";
import { colorTypes, type PngContent, type PngHeader, readChunks } from "./chunks.js";
import { unfilter } from "./unfilter.js";

/** An image of bytes: all of red, then green, then blue. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly planes: Uint8Array;
}

/** Pixels of an image that are stored together: every so many columns and rows, from some place on. */
interface Pass {
  readonly left: number;
  readonly top: number;
  readonly columnStep: number;
  readonly rowStep: number;
}

const wholeImage: readonly Pass[] = [{ left: 0, top: 0, columnStep: 1, rowStep: 1 }];
/** Adam7: an image that becomes finer and finer as it arrives. */
const interlacedPasses: readonly Pass[] = [
  { left: 0, top: 0, columnStep: 8, rowStep: 8 },
  { left: 4, top: 0, columnStep: 8, rowStep: 8 },
  { left: 0, top: 4, columnStep: 4, rowStep: 8 },
  { left: 2, top: 0, columnStep: 4, rowStep: 4 },
  { left: 0, top: 2, columnStep: 2, rowStep: 4 },
  { left: 1, top: 0, columnStep: 2, rowStep: 2 },
  { left: 0, top: 1, columnStep: 1, rowStep: 2 },
];

/**
 * Decodes a PNG file of any colour type and depth, interlaced or not, as PIL's `convert("RGB")` does: grey becomes
 * equal red, green and blue, alpha is dropped, 16 bits are rounded to 8. No more is allocated than the file can hold.
 *
 * @throws DataError when the file is damaged or no PNG.
 * @source Portable Network Graphics Specification, third edition, W3C
 */
export function decodePng(file: Uint8Array): Picture {
  const content = readChunks(file);
  const { header } = content;
  const { width, height } = header;
  const passes = (header.isInterlaced ? interlacedPasses : wholeImage)
    .map((pass) => ({ ...pass, ...passSize(pass, header) }))
    .filter(({ columns, rows }) => columns > 0 && rows > 0);
  const lines = inflate(
    content,
    passes.reduce((sum, { rows, bytesPerLine }) => sum + rows * (1 + bytesPerLine), 0),
  );
  const planes = new Uint8Array(3 * width * height);
  const readPixel = pixelReader(content, planes, width * height);
  const bytesPerPixel = Math.max((colorTypes[header.colorType].channels * header.depth) >> 3, 1);
  let at = 0;
  for (const { left, top, columnStep, rowStep, columns, rows, bytesPerLine } of passes) {
    let previous: Uint8Array = new Uint8Array(bytesPerLine);
    for (let row = 0; row < rows; row++) {
      const line = lines.subarray(at + 1, at + 1 + bytesPerLine);
      unfilter(lines[at] as number, line, previous, bytesPerPixel);
      const start = (top + row * rowStep) * width + left;
      for (let column = 0; column < columns; column++) readPixel(line, column, start + column * columnStep);
      previous = line;
      at += 1 + bytesPerLine;
    }
  }
  return { width, height, planes };
}

function passSize(pass: Pass, { width, height, depth, colorType }: PngHeader) {
  const columns = Math.ceil((width - pass.left) / pass.columnStep);
  const rows = Math.ceil((height - pass.top) / pass.rowStep);
  return { columns, rows, bytesPerLine: Math.ceil((columns * depth * colorTypes[colorType].channels) / 8) };
}

function inflate({ compressed }: PngContent, expectedBytes: number): Uint8Array {
  let lines: Uint8Array;
  try {
    lines = inflateSync(compressed, { maxOutputLength: expectedBytes });
  } catch (cause) {
    throw new DataError(`the PNG file is damaged: ${(cause as Error).message}`, { cause });
  }
  if (lines.length < expectedBytes) throw new DataError("the PNG file is damaged: its image is not complete");
  return lines;
}

/** A function that writes pixel `column` of a line into the planes, at `target`. */
function pixelReader(
  { header: { depth, colorType }, palette }: PngContent,
  planes: Uint8Array,
  planeSize: number,
): (line: Uint8Array, column: number, target: number) => void {
  const readSample = sampleReader(depth);
  const { channels } = colorTypes[colorType];
  if (colorType === 3) {
    return (line, column, target) => {
      const color = readSample(line, column) * 3;
      if (color >= palette.length)
        throw new DataError("the PNG file is damaged: a pixel's colour is not in its palette");
      for (let i = 0; i < 3; i++) planes[target + i * planeSize] = palette[color + i] as number;
    };
  }
  const scale = depth < 8 ? 255 / (2 ** depth - 1) : 1;
  const isGrey = channels < 3;
  return (line, column, target) => {
    for (let i = 0; i < 3; i++) {
      planes[target + i * planeSize] = readSample(line, column * channels + (isGrey ? 0 : i)) * scale;
    }
  };
}

/** A function that reads sample number `index` of a line; of 16 bits the 8 that come closest. */
function sampleReader(depth: number): (line: Uint8Array, index: number) => number {
  if (depth === 8) return (line, index) => line[index] as number;
  if (depth === 16) {
    return (line, index) => {
      const value = ((line[index * 2] as number) << 8) | (line[index * 2 + 1] as number);
      return Math.round(value / 257);
    };
  }
  const perByte = 8 / depth;
  const mask = 2 ** depth - 1;
  return (line, index) => {
    const shift = 8 - depth * ((index % perByte) + 1);
    return ((line[Math.floor(index / perByte)] as number) >> shift) & mask;
  };
}
