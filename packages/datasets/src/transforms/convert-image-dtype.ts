import { type DType, DTypeError, isFloatingPoint, type Tensor } from "@kindling/tensor";
import { byteScale, checkTensor } from "./pixels.js";
import type { Transform } from "./transform.js";

/** The largest value of an integer type, which stands for white. */
const white: Partial<Record<DType, number>> = { uint8: 255, int8: 127, int16: 32767, int32: 2147483647 };

/**
 * Converts images to another element type so that black and white stay what they are: 0 to 255 for bytes, 0 to 1 for
 * floating-point numbers, up to the largest value for other integers. From floating point to bytes, 255.999·x is cut off.
 *
 * **Shapes**: any → the same.
 *
 * @throws DTypeError for bool, and from float32 to int32, which has more digits than float32.
 * @example
 * const image = tensor([[[0, 50, 100, 250]]], { dtype: "uint8" });
 * new transforms.ConvertImageDtype("float32").forward(image).toArray(); // → [[[0, 0.1961, 0.3922, 0.9804]]]
 */
export class ConvertImageDtype implements Transform<Tensor, Tensor> {
  readonly dtype: DType;

  constructor(dtype: DType = "float32") {
    checkImageType(dtype);
    this.dtype = dtype;
  }

  forward(image: Tensor): Tensor {
    checkTensor(image, "ConvertImageDtype");
    checkImageType(image.dtype);
    const { dtype } = this;
    if (image.dtype === dtype) return image;
    const [from, to] = [white[image.dtype], white[dtype]];
    if (from === undefined) {
      if (to === undefined) return image.to(dtype);
      if (image.dtype === "float32" && dtype === "int32") {
        throw new DTypeError("ConvertImageDtype: float32 cannot hold all of int32; convert to float64 first");
      }
      // Just below the next number, so that 1 becomes white and all values stand for equal ranges.
      return image.mul(to - 255 + byteScale).to(dtype);
    }
    if (to === undefined) return image.to(dtype).div(from);
    return from > to ? shrink(image, (from + 1) / (to + 1)).to(dtype) : image.to(dtype).mul((to + 1) / (from + 1));
  }

  toString(): string {
    return "ConvertImageDtype()";
  }
}

function shrink(image: Tensor, factor: number): Tensor {
  return image.div(factor, { roundingMode: "floor" });
}

function checkImageType(dtype: DType): void {
  if (!isFloatingPoint(dtype) && white[dtype] === undefined) {
    throw new DTypeError(`ConvertImageDtype: expected a floating-point or integer type, got ${dtype}`);
  }
}
