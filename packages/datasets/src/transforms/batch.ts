import { empty, fromArray, imagesToFloat, ShapeError, type Tensor } from "@kindling/tensor";
import { Compose } from "./compose.js";
import { DrawnSteps } from "./containers.js";
import { Normalize } from "./normalize.js";
import { bytesOf, type Pixels, PixelTransform } from "./pixels.js";
import { composePlacements, type Placement, PlacementTransform, placed, placePixels, range } from "./placement.js";
import { RandomApply } from "./random-apply.js";
import { RandomChoice } from "./random-choice.js";
import { RandomOrder } from "./random-order.js";
import { ToTensor } from "./to-tensor.js";
import type { Step, TransformLike } from "./transform.js";

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

/** The steps of nested lists, as transforms of pixels where they are such. */
function flatten(transform: Step): Step[] {
  return transform.constructor === Compose
    ? (transform as Compose).transforms.flatMap(flatten)
    : [pixelTransform(transform) ?? transform];
}

/** Transforms of pixels that are drawn for each image. */
class DrawnPixels extends PixelTransform {
  readonly #steps: readonly PixelTransform[];
  readonly #choose: () => readonly number[];

  constructor(steps: readonly PixelTransform[], choose: () => readonly number[]) {
    super();
    this.#steps = steps;
    this.#choose = choose;
  }

  apply(pixels: Pixels): Pixels {
    return this.#choose().reduce((result, index) => this.#steps[index]?.apply(result) ?? result, pixels);
  }
}

const drawnSteps: readonly unknown[] = [RandomApply, RandomChoice, RandomOrder];

/** A step as a transform of pixels, if it is one, or draws among such. */
function pixelTransform(step: Step): PixelTransform | null {
  if (step instanceof PixelTransform) return step;
  // A subclass may do anything.
  if (!(step instanceof DrawnSteps) || !drawnSteps.includes(step.constructor)) return null;
  const members = step.transforms.map(composedPixels);
  return members.includes(null) ? null : new DrawnPixels(members as PixelTransform[], () => step.choose());
}

function composedPixels(step: Step): PixelTransform | null {
  const steps = flatten(step).map(pixelTransform);
  if (steps.includes(null)) return null;
  return steps.length === 1
    ? (steps[0] as PixelTransform)
    : new DrawnPixels(steps as PixelTransform[], () => steps.map((_, i) => i));
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
  // Moves of pixels make no tensors, so the view of the images stays valid; whatever else may is given a copy.
  const isMoved = transforms.every((transform) => transform instanceof PlacementTransform);
  const source = bytesOf(images);
  let shape: Shape | null = null;
  let result = new Uint8Array(0);
  indices.forEach((index, position) => {
    const [start, end] = [index * bytesPerImage, (index + 1) * bytesPerImage];
    const data = isMoved ? source.subarray(start, end) : bytesOf(images).slice(start, end);
    const { pixels, placement } = runTransforms({ data, count: 1, channels, height, width }, transforms);
    const own = { channels: pixels.channels, height: placement.rows.length, width: placement.columns.length };
    const size = own.channels * own.height * own.width;
    if (shape === null) {
      shape = own;
      result = new Uint8Array(indices.length * size);
    } else if (own.channels !== shape.channels || own.height !== shape.height || own.width !== shape.width) {
      throw new ShapeError("DataLoader: the transforms gave images of different sizes; crop or resize them alike");
    }
    placePixels(pixels, placement, result, position * size);
  });
  const { channels: c, height: h, width: w } = shape ?? { channels, height, width };
  const batch = empty([indices.length, c, h, w], { dtype: "uint8" });
  bytesOf(batch).set(result);
  return batch;
}

type Shape = Pick<Pixels, "channels" | "height" | "width">;

/** Runs transforms; the placements after the last computation are left to be done in one pass. */
function runTransforms(image: Pixels, transforms: readonly PixelTransform[]): { pixels: Pixels; placement: Placement } {
  let pixels = image;
  let placement: Placement | null = null;
  for (const transform of transforms) {
    if (!(transform instanceof PlacementTransform)) {
      pixels = transform.apply(placed(pixels, placement));
      placement = null;
      continue;
    }
    const { rows, columns } = placement ?? { rows: { length: pixels.height }, columns: { length: pixels.width } };
    const next = transform.place(rows.length, columns.length);
    if (next === null) continue;
    const both: Placement | null = placement === null ? next : composePlacements(placement, next);
    if (both === null) pixels = placed(pixels, placement);
    placement = both ?? next;
  }
  return { pixels, placement: placement ?? unmoved(pixels) };
}

function unmoved({ height, width }: Pixels): Placement {
  return { rows: range(0, height), columns: range(0, width), fill: 0 };
}
