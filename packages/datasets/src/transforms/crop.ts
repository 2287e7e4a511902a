import { UsageError } from "@kindling/tensor";
import type { Pixels } from "./pixels.js";
import { type Placement, range } from "./placement.js";

/** The window that starts at `top`, `left`; zeros where it reaches beyond the image. */
export function cropWindow(
  pixels: Pick<Pixels, "height" | "width">,
  top: number,
  left: number,
  height: number,
  width: number,
): Placement {
  if (![top, left, height, width].every(Number.isInteger) || height <= 0 || width <= 0) {
    throw new UsageError(
      `crop: expected integers and a positive height and width, got ${[top, left, height, width].join(", ")}`,
    );
  }
  const inside = (indices: Int32Array, size: number) =>
    indices.map((index) => (index >= 0 && index < size ? index : -1));
  return {
    rows: inside(range(top, height), pixels.height),
    columns: inside(range(left, width), pixels.width),
    fill: 0,
  };
}
