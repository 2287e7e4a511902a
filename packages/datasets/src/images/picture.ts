import { DataError } from "@kindling/tensor";

/** A decoded image: bytes, one plane after the other. */
export interface Picture {
  /** 1 grey, 2 grey and alpha, 3 colour, 4 colour and alpha. */
  readonly channels: 1 | 2 | 3 | 4;
  readonly height: number;
  readonly width: number;
  readonly planes: Uint8Array;
}

/** Images of more pixels are refused, as PIL refuses them: most likely a file that is made to fill the memory. */
const maxPixels = 178_956_970;

/** Refuses an image that cannot be in a file of `bytes` bytes, before anything is allocated for it. */
export function checkSize(kind: string, width: number, height: number, bytes: number, pixelsPerByte: number): void {
  if (width === 0 || height === 0) throw new DataError(`the ${kind} file is damaged: its image is ${width}×${height}`);
  const pixels = width * height;
  if (pixels > bytes * pixelsPerByte)
    throw new DataError(
      `the ${kind} file is damaged or cut off: ${bytes} bytes cannot hold an image of ${width}×${height}`,
    );
  if (pixels > maxPixels)
    throw new DataError(`the ${kind} file has an image of ${width}×${height}; at most ${maxPixels} pixels are read`);
}

/** Red, green and blue as PIL's `convert("RGB")` makes them: grey three times, alpha dropped. */
export function toRgb(picture: Picture): Picture {
  const { channels, height, width } = picture;
  if (channels === 3) return picture;
  const pixels = height * width;
  if (channels === 4) return { ...picture, channels: 3, planes: picture.planes.subarray(0, 3 * pixels) };
  const planes = new Uint8Array(3 * pixels);
  for (let i = 0; i < 3; i++) planes.set(picture.planes.subarray(0, pixels), i * pixels);
  return { channels: 3, height, width, planes };
}

/** Takes interleaved pixels apart. */
export function planesOf(pixels: Uint8Array, channels: number): Uint8Array {
  if (channels === 1) return pixels;
  const count = pixels.length / channels;
  const planes = new Uint8Array(pixels.length);
  for (let channel = 0; channel < channels; channel++) {
    const start = channel * count;
    for (let i = 0, from = channel; i < count; i++, from += channels) planes[start + i] = pixels[from] as number;
  }
  return planes;
}
