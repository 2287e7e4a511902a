import { DataError } from "@kindling/tensor";

export const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;

/** What the header of a PNG file says. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits of a sample. */
  readonly depth: number;
  readonly isIndexed: boolean;
  /** Samples of a pixel in the file. */
  readonly samples: number;
  readonly isInterlaced: boolean;
}

/** Allowed bits per sample, and samples per pixel, by colour type. */
const colourTypes = new Map<number, { readonly depths: readonly number[]; readonly samples: number }>([
  [0, { depths: [1, 2, 4, 8, 16], samples: 1 }],
  [2, { depths: [8, 16], samples: 3 }],
  [3, { depths: [1, 2, 4, 8], samples: 1 }],
  [4, { depths: [8, 16], samples: 2 }],
  [6, { depths: [8, 16], samples: 4 }],
]);

/** The parts of a PNG file that an image is made of. */
export interface PngChunks {
  readonly header: PngHeader;
  readonly palette: Uint8Array | null;
  /** Pieces of the compressed pixels. */
  readonly data: readonly Uint8Array[];
}

/**
 * Takes a PNG file apart. What comes after the pixels may be missing.
 *
 * @throws DataError when the file is damaged.
 */
export function readChunks(file: Uint8Array): PngChunks {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let header: PngHeader | null = null;
  let palette: Uint8Array | null = null;
  const data: Uint8Array[] = [];
  for (let at: number = pngSignature.length; at + 12 <= file.length; ) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...file.subarray(at + 4, at + 8));
    const end = at + 8 + length;
    if (type === "IEND") break;
    const isNeeded = type === "IHDR" || type === "PLTE" || type === "IDAT";
    if (end + 4 > file.length) {
      if (isNeeded) throw new DataError(`the PNG file is cut off in its chunk ${type}`);
      break;
    }
    if (isNeeded && crc32(file.subarray(at + 4, end)) !== view.getUint32(end))
      throw new DataError(`the PNG file is damaged: its chunk ${type} has a wrong checksum`);
    const body = file.subarray(at + 8, end);
    if (type === "IHDR") header = readHeader(body);
    else if (header === null) throw new DataError("the PNG file is damaged: it does not begin with its header");
    if (type === "PLTE") palette = body;
    if (type === "IDAT") data.push(body);
    at = end + 4;
  }
  if (header === null) throw new DataError("the PNG file is cut off before its header");
  if (header.isIndexed && palette === null) throw new DataError("the PNG file is damaged: it has no palette");
  return { header, palette, data };
}

function readHeader(body: Uint8Array): PngHeader {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  if (body.length !== 13) throw new DataError(`the PNG file is damaged: its header has ${body.length} bytes`);
  const [depth, colour, compression, filter, interlace] = body.subarray(8) as unknown as [
    number,
    number,
    number,
    number,
    number,
  ];
  const type = colourTypes.get(colour);
  if (type?.depths.includes(depth) !== true || compression !== 0 || filter !== 0 || interlace > 1) {
    throw new DataError(
      `the PNG file is damaged: there is no colour type ${colour} with ${depth} bits, compression ${compression}, filter ${filter}, interlacing ${interlace}`,
    );
  }
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  return { width, height, depth, isIndexed: colour === 3, samples: type.samples, isInterlaced: interlace === 1 };
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = (crcTable[(crc ^ (bytes[i] as number)) & 255] as number) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
