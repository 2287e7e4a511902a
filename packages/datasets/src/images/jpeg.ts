import { DataError } from "@kindling/tensor";
import { jpegDecoder, PixelFormat } from "./jpeg-turbo.js";
import { checkSize, type Picture, planesOf } from "./picture.js";

/** A Huffman code has at least a bit, and each block of 8×8 pixels at least a code. */
const pixelsPerByte = 512;
/** More passes over one image are of no use but to keep the decoder busy. */
const maxScans = 500;

export const isJpeg = (file: Uint8Array): boolean => file[0] === 0xff && file[1] === 0xd8 && file[2] === 0xff;

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly components: number;
}

/**
 * Decodes a JPEG file: baseline or progressive; grey, colour or CMYK, which becomes colour as with PIL. The orientation that
 * a camera notes is not looked at. Bits are those of libjpeg-turbo, which PIL and torchvision use.
 */
export function pictureFromJpeg(file: Uint8Array): Picture {
  const { width, height, components } = readFrame(file);
  checkSize("JPEG", width, height, file.length, pixelsPerByte);
  if (components === 1) {
    const planes = jpegDecoder().decode(file, width, height, PixelFormat.grey);
    return { channels: 1, height, width, planes };
  }
  const pixels = jpegDecoder().decode(file, width, height, components === 4 ? PixelFormat.cmyk : PixelFormat.rgb);
  const planes = components === 4 ? fromInvertedCmyk(pixels) : planesOf(pixels, 3);
  return { channels: 3, height, width, planes };
}

/** Walks over the segments before the pixels; refuses what cannot be decoded, and a file that has no end. */
function readFrame(file: Uint8Array): Frame {
  let frame: Frame | null = null;
  let at = 2;
  for (;;) {
    while (file[at] === 0xff && file[at + 1] === 0xff) at++; // any number of fill bytes
    const [first, marker, high = 0, low] = file.subarray(at, at + 4);
    if (first === undefined || marker === undefined || low === undefined) break;
    if (first !== 0xff) throw new DataError("the JPEG file is damaged: expected a marker after its headers");
    const length = (high << 8) | low;
    if (marker === 0xda) {
      if (frame === null) throw new DataError("the JPEG file is damaged: it has no frame header");
      checkScans(file.subarray(at));
      return frame;
    }
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) frame = parseFrame(file, at, marker);
    at += 2 + length;
  }
  throw new DataError("the JPEG file is cut off in its headers");
}

function parseFrame(file: Uint8Array, at: number, marker: number): Frame {
  if (at + 10 > file.length) throw new DataError("the JPEG file is cut off in its headers");
  const [precision, h1, h0, w1, w0, components] = file.subarray(at + 4) as unknown as readonly number[];
  if (marker > 0xc2 || precision !== 8 || ![1, 3, 4].includes(components as number)) {
    throw new DataError(
      `the JPEG file is of a kind that is not supported (frame ${marker.toString(16)}, ${precision} bits, ${components} components); ` +
        "baseline and progressive files of 8 bits are: save it as one",
    );
  }
  const pair = (high: number | undefined, low: number | undefined) => ((high as number) << 8) | (low as number);
  return { height: pair(h1, h0), width: pair(w1, w0), components: components as number };
}

function checkScans(scans: Uint8Array): void {
  let [count, hasEnd] = [0, false];
  for (let at = scans.indexOf(0xff); at >= 0; at = scans.indexOf(0xff, at + 1)) {
    if (scans[at + 1] === 0xda) count++;
    if (scans[at + 1] === 0xd9) hasEnd = true;
  }
  if (!hasEnd) throw new DataError("the JPEG file is cut off: its end is missing");
  if (count > maxScans) throw new DataError(`the JPEG file has ${count} scans; at most ${maxScans} are read`);
}

/** Adobe stores CMYK the other way round, and so do all who write it: 255 is no ink. */
function fromInvertedCmyk(pixels: Uint8Array): Uint8Array {
  const count = pixels.length / 4;
  const planes = new Uint8Array(3 * count);
  for (let i = 0; i < count; i++) {
    const light = pixels[4 * i + 3] as number;
    for (let channel = 0; channel < 3; channel++) {
      // light − ink · light / 255, rounded as PIL rounds.
      const product = (255 - (pixels[4 * i + channel] as number)) * light + 128;
      planes[channel * count + i] = Math.max(0, light - (((product >> 8) + product) >> 8));
    }
  }
  return planes;
}
