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
