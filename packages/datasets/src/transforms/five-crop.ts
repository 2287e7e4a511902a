import { ShapeError, type Tensor } from "@kindling/tensor";
import { CenterCrop } from "./center-crop.js";
import { cropWindow } from "./crop.js";
import { onPixels, sizePair } from "./pixels.js";
import { placed } from "./placement.js";
import type { Transform } from "./transform.js";

/**
 * The four corners and the middle of images: top left, top right, bottom left, bottom right, center.
 *
 * **Shapes**: `[…, C, H, W]` → five times `[…, C, height, width]`.
 *
 * @throws ShapeError when the images are smaller than the crops.
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * const crops = new transforms.Compose([
 *   new transforms.FiveCrop(2),
 *   new transforms.Lambda((five: Tensor[]) => stack(five)),
 * ]);
 * crops.forward(image).shape; // → [5, 1, 2, 2]
 */
export class FiveCrop implements Transform<Tensor, Tensor[]> {
  readonly size: readonly [height: number, width: number];

  constructor(size: number | readonly number[]) {
    this.size = sizePair("FiveCrop", size);
  }

  forward(image: Tensor): Tensor[] {
    return fiveCrop("FiveCrop", image, this.size);
  }

  toString(): string {
    return `FiveCrop(size=(${this.size.join(", ")}))`;
  }
}

export function fiveCrop(caller: string, image: Tensor, [h, w]: readonly [height: number, width: number]): Tensor[] {
  const [height = 0, width = 0] = image.shape.slice(-2);
  if (h > height || w > width) {
    throw new ShapeError(
      `${caller}: expected images of at least [${h}, ${w}], got [${height}, ${width}]; resize or pad them before`,
    );
  }
  const corners = [
    [0, 0],
    [0, width - w],
    [height - h, 0],
    [height - h, width - w],
  ] as const;
  const crops = corners.map(([top, left]) =>
    onPixels(caller, image, (pixels) => placed(pixels, cropWindow(pixels, top, left, h, w))),
  );
  return [...crops, new CenterCrop([h, w]).forward(image)];
}
