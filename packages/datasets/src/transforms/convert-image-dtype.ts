import { type DType, DTypeError, type Tensor } from "@kindling/tensor";
import type { Transform } from "./transform.js";

/**
 * Converts between images of bytes (0 to 255) and of floating-point numbers (0 to 1).
 *
 * **Shapes**: any → the same.
 *
 * @example
 * const image = tensor([[[0, 50, 100, 250]]], { dtype: "uint8" });
 * new transforms.ConvertImageDtype("float32").forward(image).toArray(); // → [[[0, 0.1961, 0.3922, 0.9804]]]
 */
export class ConvertImageDtype implements Transform<Tensor, Tensor> {
  readonly dtype: "uint8" | "float32" | "float64";

  constructor(dtype: DType) {
    if (dtype !== "uint8" && dtype !== "float32" && dtype !== "float64") {
      throw new DTypeError(`ConvertImageDtype: expected uint8, float32 or float64, got ${dtype}`);
    }
    this.dtype = dtype;
  }

  forward(image: Tensor): Tensor {
    const isBytes = image.dtype === "uint8";
    if (image.dtype === this.dtype) return image;
    if (isBytes) return image.to(this.dtype).div(255);
    // Just under 256, so that 1 becomes 255 and all bytes cover equal ranges.
    return this.dtype === "uint8" ? image.mul(255 + 1 - 1e-3).to("uint8") : image.to(this.dtype);
  }

  toString(): string {
    return "ConvertImageDtype()";
  }
}
