import type { Tensor } from "@kindling/tensor";
import { fiveCrop } from "./five-crop.js";
import { onPixels, sizePair } from "./pixels.js";
import { flipColumns, flipRows, placed } from "./placement.js";
import type { Transform } from "./transform.js";

/** How `TenCrop` mirrors. */
export interface TenCropOptions {
  /** Whether the second five are upside down rather than mirrored left to right. Default false. */
  verticalFlip?: boolean;
}

/**
 * The four corners and the middle of images, as `FiveCrop` gives them, and the same of the mirrored images.
 *
 * Options: `verticalFlip` (false).
 *
 * **Shapes**: `[…, C, H, W]` → ten times `[…, C, height, width]`.
 *
 * @throws ShapeError when the images are smaller than the crops.
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * const [, , , , middle, , , , , mirrored] = new transforms.TenCrop(2).forward(image);
 * [middle?.toArray(), mirrored?.toArray()]; // → [[[[5, 6], [9, 10]]], [[[6, 5], [10, 9]]]]
 */
export class TenCrop implements Transform<Tensor, Tensor[]> {
  readonly size: readonly [height: number, width: number];
  readonly verticalFlip: boolean;

  constructor(size: number | readonly number[], { verticalFlip = false }: TenCropOptions = {}) {
    this.size = sizePair("TenCrop", size);
    this.verticalFlip = verticalFlip;
  }

  forward(image: Tensor): Tensor[] {
    const flip = this.verticalFlip ? flipRows : flipColumns;
    const flipped = onPixels("TenCrop", image, (pixels) => placed(pixels, flip(pixels.height, pixels.width)));
    return [...fiveCrop("TenCrop", image, this.size), ...fiveCrop("TenCrop", flipped, this.size)];
  }

  toString(): string {
    return `TenCrop(size=(${this.size.join(", ")}), vertical_flip=${this.verticalFlip ? "True" : "False"})`;
  }
}
