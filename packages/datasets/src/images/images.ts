import { DataError, DTypeError, empty, ShapeError, type Tensor, UsageError } from "@kindling/tensor";
import { nodeModule } from "../node-module.js";
import { bytesOf } from "../transforms/pixels.js";
import { isJpeg, pictureFromJpeg } from "./jpeg.js";
import { type Picture, toRgb } from "./picture.js";
import { isPng, pictureFromPng, pngFromPicture } from "./png.js";

/** `UNCHANGED`: as many channels as the file has. `RGB`: always three, as PIL's `convert("RGB")` makes them. */
export type ImageReadMode = "UNCHANGED" | "RGB";

function toTensor(picture: Picture, mode: ImageReadMode, caller: string): Tensor {
  if (mode !== "UNCHANGED" && mode !== "RGB")
    throw new UsageError(`${caller}: expected mode to be "UNCHANGED" or "RGB", got ${JSON.stringify(mode)}`);
  const { channels, height, width, planes } = mode === "RGB" ? toRgb(picture) : picture;
  const image = empty([channels, height, width], { dtype: "uint8" });
  bytesOf(image).set(planes);
  return image;
}

function checkBytes(file: unknown, caller: string): asserts file is Uint8Array {
  if (!(file instanceof Uint8Array))
    throw new UsageError(
      `${caller}: expected the bytes of a file, a Uint8Array, got ${file === null ? "null" : typeof file}`,
    );
}

/**
 * Decodes a PNG file: grey, colour or palette, with or without alpha, 1 to 16 bits per sample (of 16 the upper 8 stay),
 * interlaced or not.
 *
 * **Shapes** uint8 [C, H, W]: C is 1 (grey), 2 (grey and alpha), 3 (also of a palette) or 4; with mode `"RGB"` 3.
 * @throws DataError when the file is damaged, cut off or no PNG.
 * @example
 * const file = encodePng(tensor([[[0, 255]]], { dtype: "uint8" }));
 * decodePng(file); // → [[[0, 255]]]
 * decodePng(file, "RGB").shape; // → [3, 1, 2]
 */
export function decodePng(file: Uint8Array, mode: ImageReadMode = "UNCHANGED"): Tensor {
  checkBytes(file, "decodePng");
  if (!isPng(file)) throw new DataError("decodePng: this is no PNG file");
  return toTensor(pictureFromPng(file), mode, "decodePng");
}

/**
 * Decodes a JPEG file, baseline or progressive, to the same bytes as PIL and torchvision. An orientation that a camera
 * noted is not applied.
 *
 * **Shapes** uint8 [C, H, W]: C is 1 (grey) or 3 (colour, CMYK); with mode `"RGB"` 3.
 * @throws DataError when the file is damaged, cut off, no JPEG or of a rare kind (12 bits, lossless, arithmetic coding).
 * @example decodeJpeg(Uint8Array.of(0xff, 0xd8, 0xff)); // → throws DataError
 */
export function decodeJpeg(file: Uint8Array, mode: ImageReadMode = "UNCHANGED"): Tensor {
  checkBytes(file, "decodeJpeg");
  if (!isJpeg(file)) throw new DataError("decodeJpeg: this is no JPEG file");
  return toTensor(pictureFromJpeg(file), mode, "decodeJpeg");
}

/**
 * Decodes a PNG or JPEG file, whichever it is.
 *
 * **Shapes** uint8 [C, H, W], see `decodePng` and `decodeJpeg`.
 * @throws DataError when the file is damaged, cut off, of another kind, or has an image of more than 178,956,970 pixels.
 * @example
 * decodeImage(encodePng(tensor([[[7]]], { dtype: "uint8" })), "RGB"); // → [[[7]], [[7]], [[7]]]
 * decodeImage(new TextEncoder().encode("GIF89a")); // → throws DataError
 */
export function decodeImage(file: Uint8Array, mode: ImageReadMode = "UNCHANGED"): Tensor {
  checkBytes(file, "decodeImage");
  if (isPng(file)) return decodePng(file, mode);
  if (isJpeg(file)) return decodeJpeg(file, mode);
  const start = Array.from(file.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  throw new DataError(
    `expected a PNG or JPEG file, got ${file.length} bytes that begin with ${start || "nothing"}; convert it to one of them`,
  );
}

/**
 * Reads a PNG or JPEG file, whatever its name says.
 *
 * **Shapes** uint8 [C, H, W], see `decodePng` and `decodeJpeg`.
 * @throws DataError, naming the file, when it cannot be read or decoded.
 * @example
 * writePng(zeros([3, 4, 5], { dtype: "uint8" }), "black.png");
 * readImage("black.png").shape; // → [3, 4, 5]
 * readImage("none.png"); // → throws DataError
 */
export function readImage(path: string, mode: ImageReadMode = "UNCHANGED"): Tensor {
  const { readFileSync } = nodeModule("node:fs", "readImage");
  try {
    return decodeImage(readFileSync(path), mode);
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw new DataError(`${path}: ${(cause as Error).message}`, { cause });
  }
}

/**
 * The bytes of a PNG file.
 *
 * **Shapes** uint8 [C, H, W] with 1 to 4 channels.
 * `compressionLevel` is from 0 (none) to 9 (smallest).
 * @throws DTypeError, ShapeError for what is no image of bytes.
 * @example encodePng(zeros([3, 8, 8], { dtype: "uint8" })).subarray(1, 4); // → [80, 78, 71]
 */
export function encodePng(image: Tensor, compressionLevel = 6): Uint8Array {
  if (image.dtype !== "uint8") throw new DTypeError(`encodePng: expected an image of uint8, got ${image.dtype}`);
  const [channels = 0, height = 0, width = 0] = image.shape;
  if (image.shape.length !== 3 || channels < 1 || channels > 4 || height === 0 || width === 0) {
    throw new ShapeError(
      `encodePng: expected an image [C, H, W] with 1 to 4 channels, got [${image.shape.join(", ")}]`,
    );
  }
  if (!Number.isInteger(compressionLevel) || compressionLevel < 0 || compressionLevel > 9)
    throw new UsageError(`encodePng: expected compressionLevel from 0 to 9, got ${compressionLevel}`);
  const planes = image.toTypedArray() as Uint8Array;
  return pngFromPicture({ channels: channels as Picture["channels"], height, width, planes }, compressionLevel);
}

/**
 * Writes an image as a PNG file; see `encodePng`.
 *
 * @throws DataError when the file cannot be written.
 * @example
 * const image = tensor([[[1, 2], [3, 4]]], { dtype: "uint8" });
 * writePng(image, "out.png");
 * readImage("out.png").equal(image); // → true
 */
export function writePng(image: Tensor, path: string, compressionLevel = 6): void {
  const bytes = encodePng(image, compressionLevel);
  const { renameSync, rmSync, writeFileSync } = nodeModule("node:fs", "writePng");
  const temporary = `${path}.${process.pid}.writing`; // nobody sees half a file
  try {
    writeFileSync(temporary, bytes);
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw new DataError(`${path}: cannot write: ${(cause as Error).message}`, { cause });
  }
}
