import { linspace, ShapeError, type Tensor } from "@kindling/tensor";
import { type Pixels, roundingOf } from "./pixels.js";
import { newGrid, type SamplingOptions, samplePixels } from "./sampling.js";

/** Moves each pixel by a displacement `[1, H, W, 2]`, in halves of the width and of the height. */
export function elasticTransform(
  caller: string,
  pixels: Pixels,
  displacement: Tensor,
  options: Required<SamplingOptions>,
): Pixels {
  const { data, height, width } = pixels;
  const { shape } = displacement;
  if (shape.length !== 4 || shape[0] !== 1 || shape[1] !== height || shape[2] !== width || shape[3] !== 2) {
    throw new ShapeError(
      `${caller}: expected a displacement of shape [1, ${height}, ${width}, 2], got [${shape.join(", ")}]`,
    );
  }
  const round = roundingOf(data);
  const moves = displacement.toTypedArray();
  const grid = newGrid(data, height, width);
  const columns = middles(width);
  const rows = middles(height);
  for (let i = 0; i < height * width; i++) {
    grid.x[i] = round((columns[i % width] as number) + (moves[2 * i] as number));
    grid.y[i] = round((rows[Math.floor(i / width)] as number) + (moves[2 * i + 1] as number));
  }
  return samplePixels(caller, pixels, grid, options);
}

/** Where the middles of `size` pixels lie between −1 and 1. */
function middles(size: number) {
  return linspace((1 - size) / size, (size - 1) / size, size).toTypedArray();
}
