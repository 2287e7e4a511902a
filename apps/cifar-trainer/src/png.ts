import { DataError } from "@kindling/tensor";
import { convertIndexedToRgb, type DecodedPng, decode } from "fast-png";

/** An image of bytes: all of red, then green, then blue. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly planes: Uint8Array;
}

/** Deflate makes no more than this of one byte. */
const bestCompression = 1032;

/**
 * Decodes a PNG file as PIL's `convert("RGB")` does: grey becomes equal red, green and blue, alpha is dropped, 16 bits
 * are rounded to 8.
 *
 * @throws DataError when the file is damaged or no PNG, or interlaced with less than a byte per sample.
 */
export function decodePng(file: Uint8Array): Picture {
  checkSize(file);
  let image: DecodedPng;
  try {
    const decoded = decode(file, { checkCrc: true });
    if (file[25] === 3 && decoded.palette === undefined) throw new Error("it has no palette");
    image = toWholeBytes(decoded);
  } catch (cause) {
    throw new DataError(`the PNG file is damaged: ${(cause as Error).message}`, { cause });
  }
  const { width, height, channels, depth, data } = image;
  const pixels = width * height;
  const planes = new Uint8Array(3 * pixels);
  for (let i = 0; i < 3; i++) {
    let from = channels < 3 ? 0 : i;
    for (let pixel = 0; pixel < pixels; pixel++, from += channels) {
      const sample = data[from] as number;
      planes[i * pixels + pixel] = depth === 16 ? Math.round(sample / 257) : sample;
    }
  }
  return { width, height, planes };
}

/** Refuses what is no PNG, and an image that the file cannot hold, before anything is allocated for it. */
function checkSize(file: Uint8Array): void {
  const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
  if (!signature.every((byte, index) => file[index] === byte)) throw new DataError("this is no PNG file");
  if (file.length < 33) throw new DataError("the PNG file is cut off");
  const header = new DataView(file.buffer, file.byteOffset + 16, 13);
  const [width, height, depth] = [header.getUint32(0), header.getUint32(4), header.getUint8(8)];
  if (width === 0 || height === 0) throw new DataError(`the PNG file is damaged: its image is ${width}×${height}`);
  if ((width * height * depth) / 8 > file.length * bestCompression) {
    throw new DataError(`the PNG file is damaged: ${file.length} bytes cannot hold an image of ${width}×${height}`);
  }
  if (depth < 8 && header.getUint8(12) !== 0) {
    throw new DataError(
      `interlaced PNG files of ${depth} bits per sample are not supported; save it without interlacing`,
    );
  }
}

/** Palettes and samples of less than a byte become bytes. */
function toWholeBytes(image: DecodedPng): DecodedPng {
  const { depth, channels, palette } = image;
  if (palette === undefined && depth >= 8) return image;
  const levels = 2 ** depth;
  const greys = Array.from({ length: levels }, (_, level) => [Math.round((level * 255) / (levels - 1))]);
  const colours = palette ?? greys;
  return {
    ...image,
    data: convertIndexedToRgb({ ...image, palette: colours }),
    depth: 8,
    channels: colours[0]?.length ?? channels,
  };
}
