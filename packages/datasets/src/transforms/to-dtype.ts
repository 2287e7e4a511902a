import type { DType, Tensor } from "@kindling/tensor";
import { ConvertImageDtype } from "./convert-image-dtype.js";
import { checkTensor } from "./pixels.js";
import type { Transform } from "./transform.js";

/** Whether values keep their meaning or their number. */
export interface ToDtypeOptions {
  /** Whether black and white stay black and white, as in `ConvertImageDtype`. Default false. */
  scale?: boolean;
}

/**
 * Converts images to another element type: number by number, or with `scale` so that 255 of a byte becomes 1 and back.
 *
 * Options: `scale` (false).
 *
 * **Shapes**: any → the same.
 *
 * @throws DTypeError with `scale`, as `ConvertImageDtype`.
 * @example
 * const image = tensor([[[0, 51]]], { dtype: "uint8" });
 * new transforms.ToDtype("float64", { scale: true }).forward(image).toArray(); // → [[[0, 0.2]]]
 */
export class ToDtype implements Transform<Tensor, Tensor> {
  readonly dtype: DType;
  readonly scale: boolean;

  constructor(dtype: DType, { scale = false }: ToDtypeOptions = {}) {
    this.dtype = dtype;
    this.scale = scale;
  }

  forward(image: Tensor): Tensor {
    checkTensor(image, "ToDtype");
    return this.scale ? new ConvertImageDtype(this.dtype).forward(image) : image.to(this.dtype);
  }

  toString(): string {
    return `ToDtype(scale=${this.scale ? "True" : "False"})`;
  }
}
