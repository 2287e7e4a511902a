import { type DType, DTypeError, empty, ShapeError, Tensor, type TypedArray, UsageError } from "@kindling/tensor";
import type { Transform } from "./transform.js";

/** The pixels of one image, or of several of one size, plane after plane. */
export interface Pixels {
  readonly data: TypedArray;
  /** How many images. */
  readonly count: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/**
 * A transform that only looks at pixels. Working on plain arrays spares the loader a tensor per image and step, and
 * makes the bytes the same on every backend; `apply` never changes its input.
 */
export abstract class PixelTransform implements Transform<Tensor, Tensor> {
  /** The pixels after the transform, which draws its random numbers once for all images. */
  abstract apply(pixels: Pixels): Pixels;

  /** Transforms an image `[channels, height, width]`, or several in front of which there are more dimensions, alike. */
  forward(image: Tensor): Tensor {
    return onPixels(this.constructor.name, image, (pixels) => this.apply(pixels));
  }
}

/** What `change` makes of the pixels of an image tensor; the element type stays. */
export function onPixels(
  caller: string,
  image: Tensor,
  change: (pixels: Pixels) => Pixels,
  dtypes: readonly DType[] = ["uint8", "float32", "float64"],
): Tensor {
  checkTensor(image, caller);
  if (!dtypes.includes(image.dtype)) {
    throw new DTypeError(
      `${caller}: expected an image of ${dtypes.join(", ")}, got ${image.dtype}; put ConvertImageDtype before it`,
    );
  }
  const pixels = toPixels(image, caller);
  const result = change(pixels);
  return result === pixels ? image : fromPixels(result, image);
}

/** The pixels of an image tensor; a view of its memory where that is contiguous. */
function toPixels(image: Tensor, caller: string): Pixels {
  const [channels, height, width] = image.shape.slice(-3);
  if (channels === undefined || height === undefined || width === undefined) {
    throw new ShapeError(
      `${caller}: expected an image of shape [channels, height, width], with any dimensions before these, got [${image.shape.join(", ")}]`,
    );
  }
  if (image.requiresGrad) {
    throw new UsageError(`${caller}: moves pixels without recording gradients; pass image.detach(), or use tensor ops`);
  }
  const count = image.shape.slice(0, -3).reduce((product, size) => product * size, 1);
  return { data: image.toTypedArray(), count, channels, height, width };
}

function fromPixels({ data, channels, height, width }: Pixels, like: Tensor): Tensor {
  const result = empty([...like.shape.slice(0, -3), channels, height, width], { dtype: like.dtype });
  bytesOf(result).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return result;
}

/** The memory of a contiguous tensor, valid until the next tensor is made. */
export function bytesOf(tensor: Tensor): Uint8Array {
  const view = tensor.storage.block.view();
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** A new array of the same type. */
export function newData(like: TypedArray, length: number): TypedArray {
  return new (like.constructor as new (length: number) => TypedArray)(length);
}

/** Height and width from one number or a pair. */
export function sizePair(caller: string, size: number | readonly number[]): readonly [height: number, width: number] {
  const [height, width] = typeof size === "number" ? [size, size] : size.length === 1 ? [size[0], size[0]] : size;
  const isSize = (value: number | undefined): value is number => Number.isInteger(value) && (value as number) > 0;
  if (!isSize(height) || !isSize(width) || (typeof size !== "number" && size.length > 2)) {
    throw new UsageError(
      `${caller}: expected size as a positive integer or [height, width], got ${JSON.stringify(size)}`,
    );
  }
  return [height, width];
}

/** Checks that `image` holds floating-point numbers. */
export function checkFloat(image: Tensor, caller: string): void {
  if (image.dtype !== "float32" && image.dtype !== "float64") {
    throw new DTypeError(`${caller}: expected a floating-point image, got ${image.dtype}; put ToTensor before it`);
  }
}

/** Checks that a transform was given a tensor. */
export function checkTensor(image: unknown, caller: string): asserts image is Tensor {
  if (!(image instanceof Tensor))
    throw new UsageError(`${caller}: expected a tensor, got ${image === null ? "null" : typeof image}`);
}

/** Checks that images are grey or have three colours. */
export function checkColors(caller: string, { channels }: Pixels): void {
  if (channels !== 1 && channels !== 3) {
    throw new ShapeError(`${caller}: expected an image with 1 or 3 channels, got ${channels}`);
  }
}

/** How numbers are rounded after each step of a computation on pixels: to float32, unless they are float64. */
export function roundingOf(data: TypedArray): (value: number) => number {
  // One closure for both: the compiler inlines it into loops, which it does not do with a choice of two functions.
  const isWide = data instanceof Float64Array;
  return (value) => (isWide ? value : Math.fround(value));
}

/** The largest value: white. */
export function brightest(data: TypedArray): number {
  return data instanceof Uint8Array ? 255 : 1;
}

/** Just under 256, so that 1 becomes 255 and all bytes stand for equal ranges of 0 … 1. */
export const byteScale = 255 + 1 - 1e-3;

/** Bytes for numbers of 0 … 1. */
export function toBytes(data: TypedArray): Uint8Array {
  const round = roundingOf(data);
  const scale = round(byteScale);
  const bytes = new Uint8Array(data.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = round((data[i] as number) * scale);
  return bytes;
}

/** To the nearest whole number, halves to the even one, as PyTorch and Python round. */
export function roundHalfToEven(value: number): number {
  const down = Math.floor(value);
  if (value - down !== 0.5) return Math.round(value);
  return down % 2 === 0 ? down : down + 1;
}

/** Checks the strength of an adjustment. */
export function checkFactor(caller: string, name: string, factor: number): number {
  if (!(factor >= 0 && Number.isFinite(factor))) {
    throw new UsageError(`${caller}: expected ${name} to be a number of at least 0, got ${factor}`);
  }
  return factor;
}

/** Checks how many bits of each byte stay. */
export function checkBits(caller: string, bits: number): number {
  if (!Number.isInteger(bits) || bits < 0 || bits > 8) {
    throw new UsageError(`${caller}: expected bits to be a whole number from 0 to 8, got ${bits}`);
  }
  return bits;
}

export function checkNumber(caller: string, name: string, value: number): number {
  if (!Number.isFinite(value)) throw new UsageError(`${caller}: expected ${name} to be a number, got ${value}`);
  return value;
}

export function checkCount(caller: string, name: string, count: number, least: number): number {
  if (!Number.isSafeInteger(count) || count < least) {
    throw new UsageError(`${caller}: expected ${name} to be a whole number of at least ${least}, got ${count}`);
  }
  return count;
}
