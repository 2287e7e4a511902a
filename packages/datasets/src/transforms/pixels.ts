import { DTypeError, empty, ShapeError, Tensor, type TypedArray, UsageError } from "@kindling/tensor";
import type { Transform } from "./transform.js";

/** The pixels of one image, plane after plane. */
export interface Pixels {
  readonly data: TypedArray;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/**
 * A transform that only looks at pixels. Working on plain arrays spares the loader a tensor per image and step;
 * `apply` never changes its input.
 */
export abstract class PixelTransform implements Transform<Tensor, Tensor> {
  abstract apply(pixels: Pixels): Pixels;

  /** Transforms an image `[channels, height, width]`; the element type stays. */
  forward(image: Tensor): Tensor {
    const pixels = toPixels(image, this.constructor.name);
    const result = this.apply(pixels);
    return result === pixels ? image : fromPixels(result, image);
  }
}

/** The pixels of an image tensor; a view of its memory where that is contiguous. */
export function toPixels(image: Tensor, caller: string): Pixels {
  const [channels, height, width] = image.shape;
  if (channels === undefined || height === undefined || width === undefined || image.shape.length !== 3) {
    throw new ShapeError(
      `${caller}: expected an image of shape [channels, height, width], got [${image.shape.join(", ")}]`,
    );
  }
  return { data: image.toTypedArray(), channels, height, width };
}

function fromPixels({ data, channels, height, width }: Pixels, like: Tensor): Tensor {
  const result = empty([channels, height, width], { dtype: like.dtype });
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

/**
 * Rearranges an image: pixel (y, x) of the result is pixel (rows[y], columns[x]) of the image, or the
 * fill where one of the two is -1. Cropping, padding, flipping and nearest-neighbour scaling are all this.
 *
 * @param fill One value, or one per channel.
 */
export function rearrange(
  pixels: Pixels,
  rows: ArrayLike<number>,
  columns: ArrayLike<number>,
  fill: number | readonly number[] = 0,
): Pixels {
  const { data, channels, height, width } = pixels;
  const newHeight = rows.length;
  const newWidth = columns.length;
  if (typeof fill !== "number" && fill.length !== channels) {
    throw new UsageError(`expected one fill value or one per channel (${channels}), got ${fill.length}`);
  }
  const result = newData(data, channels * newHeight * newWidth);
  let at = 0;
  for (let channel = 0; channel < channels; channel++) {
    const background = typeof fill === "number" ? fill : (fill[channel] as number);
    const plane = channel * height * width;
    for (let y = 0; y < newHeight; y++) {
      const row = rows[y] as number;
      const start = plane + row * width;
      for (let x = 0; x < newWidth; x++) {
        const column = columns[x] as number;
        result[at++] = row < 0 || column < 0 ? background : (data[start + column] as number);
      }
    }
  }
  return { data: result, channels, height: newHeight, width: newWidth };
}

/** The indices from `start` on. */
export function range(start: number, count: number): Int32Array {
  const indices = new Int32Array(count);
  for (let i = 0; i < count; i++) indices[i] = start + i;
  return indices;
}

/** An image mirrored left to right. */
export function flipColumns(pixels: Pixels): Pixels {
  return rearrange(pixels, range(0, pixels.height), range(0, pixels.width).reverse());
}

/** An image upside down. */
export function flipRows(pixels: Pixels): Pixels {
  return rearrange(pixels, range(0, pixels.height).reverse(), range(0, pixels.width));
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
