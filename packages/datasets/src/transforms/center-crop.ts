import { paddedIndices } from "./pad.js";
import { type Pixels, PixelTransform, rearrange, sizePair } from "./pixels.js";

/**
 * Cuts the middle out of an image; a smaller image gets a border of zeros first.
 *
 * **Shapes**: `[C, H, W]` → `[C, height, width]`.
 *
 * @example new transforms.CenterCrop(24).forward(image);
 */
export class CenterCrop extends PixelTransform {
  readonly size: readonly [height: number, width: number];

  constructor(size: number | readonly number[]) {
    super();
    this.size = sizePair("CenterCrop", size);
  }

  apply(pixels: Pixels): Pixels {
    const [height, width] = this.size;
    if (pixels.height === height && pixels.width === width) return pixels;
    return rearrange(pixels, centered(pixels.height, height), centered(pixels.width, width));
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

/** Python's rounding, which decides where an odd margin goes. */
function roundHalfToEven(value: number): number {
  const down = Math.floor(value);
  if (value - down !== 0.5) return Math.round(value);
  return down % 2 === 0 ? down : down + 1;
}
