import { allocate } from "../allocate.js";
import { DTypeError, ShapeError } from "../errors.js";
import { kernels } from "../launch.js";
import { formatShape, numberOfElements } from "../shape.js";
import { Tensor } from "../tensor.js";
import { fromArray } from "./creation.js";
import { positionsOf } from "./positions.js";
import { dense } from "./reduce.js";

/** Options of {@link imagesToFloat}. */
export interface ImagesToFloatOptions {
  /** Subtracted, one per channel or one for all. Default none. */
  mean?: readonly number[] | null;
  /** Divided by, one per channel or one for all. Default none. */
  std?: readonly number[] | null;
}

function perChannel(name: string, values: readonly number[] | null, channels: number): Tensor | null {
  if (values === null) return null;
  if (values.length !== 1 && values.length !== channels) {
    throw new ShapeError(
      `imagesToFloat: expected ${channels} values of ${name}, one per channel, got ${values.length}`,
    );
  }
  const all = Array.from({ length: channels }, (_, i) => values[values.length === 1 ? 0 : i] as number);
  return fromArray(all, [channels], "float32");
}

/**
 * Picks images from a data set of bytes and makes them float32: `(byte / 255 − mean) / std`. Has no gradient.
 *
 * **Shapes** images (uint8): [n, C, H, W]; indices: [count]; result: [count, C, H, W].
 * Options: `mean`, `std` (none).
 * @throws DTypeError if the images are not uint8; ShapeError if an index is out of bounds.
 * @example
 * const images = tensor(new Uint8Array([0, 255, 51, 102])).reshape(2, 1, 1, 2);
 * imagesToFloat(images, tensor([1])); // → [[[[0.2, 0.4]]]]
 */
export function imagesToFloat(
  images: Tensor,
  indices: Int32Array | Tensor,
  options: ImagesToFloatOptions = {},
): Tensor {
  if (images.dtype !== "uint8") throw new DTypeError(`imagesToFloat: expected images of uint8, got ${images.dtype}`);
  if (images.ndim !== 4) {
    throw new ShapeError(`imagesToFloat: expected images of shape [n, C, H, W], got ${formatShape(images.shape)}`);
  }
  const list = indices instanceof Tensor ? indices : fromArray(indices, [indices.length], "int32");
  if (list.ndim !== 1)
    throw new ShapeError(`imagesToFloat: expected a vector of indices, got ${formatShape(list.shape)}`);
  const [n, channels, height, width] = images.shape as [number, number, number, number];
  const positions = positionsOf("imagesToFloat", list, 0, n, { range: `${n} images` });
  const mean = perChannel("mean", options.mean ?? null, channels);
  const std = perChannel("std", options.std ?? null, channels);
  const source = dense(images);
  const count = positions.shape[0] as number;
  const out = allocate([count, channels, height, width], "float32");
  if (numberOfElements(out.shape) > 0) {
    kernels.imagesToFloat(
      count,
      channels,
      height * width,
      source.address,
      positions.address,
      mean?.address ?? 0,
      std?.address ?? 0,
      out.address,
    );
  }
  return out;
}
