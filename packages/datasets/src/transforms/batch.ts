import { empty, fromArray, imagesToFloat, ShapeError, type Tensor } from "@kindling/tensor";
import { Compose } from "./compose.js";
import { Normalize } from "./normalize.js";
import { bytesOf, type Pixels, PixelTransform } from "./pixels.js";
import { ToTensor } from "./to-tensor.js";
import type { TransformLike } from "./transform.js";

/** Transforms that can run on a whole batch: pixel by pixel on bytes first, then all images to float32 at once. */
export interface BatchPlan {
  readonly pixelTransforms: readonly PixelTransform[];
  readonly normalize: Normalize | null;
}

/** How to run `transform` on whole batches, or null if only image by image will do. */
export function planBatches(transform: TransformLike<Tensor, Tensor> | undefined): BatchPlan | null {
  const steps = transform === undefined ? [] : flatten(transform);
  const split = steps.findIndex((step) => !(step instanceof PixelTransform));
  const pixelTransforms = steps.slice(0, Math.max(split, 0)) as PixelTransform[];
  const [toTensor, normalize, ...rest] = split < 0 ? [] : steps.slice(split);
  // A subclass may do anything, so only the very classes are known to be elementwise.
  if (toTensor?.constructor !== ToTensor || rest.length > 0) return null;
  if (normalize === undefined) return { pixelTransforms, normalize: null };
  return normalize.constructor === Normalize ? { pixelTransforms, normalize: normalize as Normalize } : null;
}

function flatten(transform: TransformLike<Tensor, Tensor>): TransformLike<Tensor, Tensor>[] {
  return transform.constructor === Compose ? (transform as Compose).transforms.flatMap(flatten) : [transform];
}

/**
 * The transformed images of `indices`, uint8 `[n, C, H, W]` → float32 `[batch, C, H', W']`, equal to what
 * image by image gives: random transforms draw in the same order.
 */
export function makeBatch(images: Tensor, indices: readonly number[], plan: BatchPlan): Tensor {
  const { pixelTransforms, normalize } = plan;
  const options = normalize === null ? {} : { mean: normalize.mean, std: normalize.std };
  const numbers = (list: readonly number[]) => fromArray(list, [list.length], "int32");
  if (pixelTransforms.length === 0) return imagesToFloat(images, numbers(indices), options);
  const changed = transformPixels(images, indices, pixelTransforms);
  return imagesToFloat(changed, numbers(indices.map((_, position) => position)), options);
}

function transformPixels(images: Tensor, indices: readonly number[], transforms: readonly PixelTransform[]): Tensor {
  const [, channels = 0, height = 0, width = 0] = images.shape;
  const bytesPerImage = channels * height * width;
  const source = bytesOf(images);
  let shape: Pixels | null = null;
  let result = new Uint8Array(0);
  indices.forEach((index, position) => {
    let pixels: Pixels = {
      data: source.subarray(index * bytesPerImage, (index + 1) * bytesPerImage),
      channels,
      height,
      width,
    };
    for (const transform of transforms) pixels = transform.apply(pixels);
    if (shape === null) {
      shape = pixels;
      result = new Uint8Array(indices.length * pixels.data.length);
    } else if (pixels.channels !== shape.channels || pixels.height !== shape.height || pixels.width !== shape.width) {
      throw new ShapeError("DataLoader: the transforms gave images of different sizes; crop or resize them alike");
    }
    result.set(pixels.data, position * pixels.data.length);
  });
  const { channels: c, height: h, width: w } = shape ?? { channels, height, width };
  const batch = empty([indices.length, c, h, w], { dtype: "uint8" });
  bytesOf(batch).set(result);
  return batch;
}
