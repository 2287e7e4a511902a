import { paddedIndices } from "./pad.js";
import { roundHalfToEven, sizePair } from "./pixels.js";
import { type Placement, PlacementTransform } from "./placement.js";

/**
 * Cuts the middle out of an image; a smaller image gets a border of zeros first.
 *
 * **Shapes**: `[C, H, W]` → `[C, height, width]`.
 *
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * new transforms.CenterCrop(2).forward(image).toArray(); // → [[[5, 6], [9, 10]]]
 */
export class CenterCrop extends PlacementTransform {
  readonly size: readonly [height: number, width: number];

  constructor(size: number | readonly number[]) {
    super();
    this.size = sizePair("CenterCrop", size);
  }

  place(height: number, width: number): Placement | null {
    const [newHeight, newWidth] = this.size;
    if (height === newHeight && width === newWidth) return null;
    return { rows: centered(height, newHeight), columns: centered(width, newWidth), fill: 0 };
  }

  override toString(): string {
    return `CenterCrop(size=(${this.size.join(", ")}))`;
  }
}

function centered(size: number, wanted: number): Int32Array {
  const missing = Math.max(wanted - size, 0);
  const padded = paddedIndices("CenterCrop", size, Math.floor(missing / 2), Math.ceil(missing / 2), "constant");
  const start = roundHalfToEven((padded.length - wanted) / 2);
  return padded.subarray(start, start + wanted);
}
