import { ShapeError, type TypedArray, UsageError } from "@kindling/tensor";
import type { Pixels } from "./pixels.js";

/** Overwrites a rectangle with one value, one per channel, or one per channel and pixel. */
export function erase(
  caller: string,
  pixels: Pixels,
  top: number,
  left: number,
  h: number,
  w: number,
  values: TypedArray | readonly number[],
): Pixels {
  const { count, channels, height, width } = pixels;
  const isInside =
    [top, left, h, w].every((n) => Number.isInteger(n) && n >= 0) && top + h <= height && left + w <= width;
  if (!isInside) {
    throw new UsageError(
      `${caller}: expected a rectangle within [${height}, ${width}], got top ${top}, left ${left}, height ${h}, width ${w}`,
    );
  }
  const { length } = values;
  if (length !== 1 && length !== channels && length !== channels * h * w) {
    throw new ShapeError(
      `${caller}: expected one value, ${channels} values (one per channel) or [${channels}, ${h}, ${w}], got ${length}`,
    );
  }
  const data = pixels.data.slice();
  for (let plane = 0; plane < count * channels; plane++) {
    const channel = plane % channels;
    for (let row = 0; row < h; row++) {
      const start = (plane * height + top + row) * width + left;
      if (length === 1 || length === channels)
        data.fill(values[length === 1 ? 0 : channel] as number, start, start + w);
      else for (let i = 0; i < w; i++) data[start + i] = values[(channel * h + row) * w + i] as number;
    }
  }
  return { ...pixels, data };
}
