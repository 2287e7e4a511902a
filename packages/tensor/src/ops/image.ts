import { allocate } from "../allocate.js";
import { DTypeError, ShapeError } from "../errors.js";
import { kernels } from "../launch.js";
import { formatShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { tensor } from "./creation.js";

export interface ImageStatistics {
  /** Subtracted from each channel; one number serves all. */
  mean?: readonly number[];
  /** Divides each channel; one number serves all. */
  std?: readonly number[];
}

function perChannel(name: string, values: readonly number[] | undefined, channels: number): Tensor | null {
  if (values === undefined) return null;
  if (values.length !== 1 && values.length !== channels) {
    throw new ShapeError(`imagesToFloat: expected 1 or ${channels} values of ${name}, got ${values.length}`);
  }
  return tensor(
    Array.from({ length: channels }, (_, i) => values[i] ?? values[0] ?? 0),
    { dtype: "float32" },
  );
}

/**
 * Picks images out of a data set and converts them: `(byte / 255 − mean) / std`, in one pass.
 *
 * **Shapes** images: uint8 [n, c, h, w]; indices: [k]; result: float32 [k, c, h, w].
 * @throws ShapeError if an index is out of range.
 */
export function imagesToFloat(images: Tensor, indices: Tensor | Int32Array, statistics: ImageStatistics = {}): Tensor {
  if (images.dtype !== "uint8" || images.ndim !== 4 || !images.isContiguous()) {
    throw new DTypeError(
      `imagesToFloat: expected contiguous uint8 images [n, c, h, w], got ${images.dtype} ${formatShape(images.shape)}`,
    );
  }
  const [n, channels, height, width] = images.shape as readonly [number, number, number, number];
  const index = ArrayBuffer.isView(indices) ? tensor(indices) : indices.to("int32").contiguous();
  for (const position of index.toTypedArray()) {
    if (position < 0 || position >= n)
      throw new ShapeError(`imagesToFloat: index ${position} is out of range for ${n} images`);
  }
  const count = index.numel();
  const mean = perChannel("mean", statistics.mean, channels);
  const std = perChannel("std", statistics.std, channels);
  const out = allocate([count, channels, height, width], "float32");
  if (out.numel() > 0) {
    kernels.imagesToFloat(
      count,
      channels,
      height * width,
      images.address,
      index.address,
      mean?.address ?? 0,
      std?.address ?? 0,
      out.address,
    );
  }
  return out;
}
