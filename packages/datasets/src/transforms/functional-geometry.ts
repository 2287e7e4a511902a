import type { Tensor } from "@kindling/tensor";
import * as motion from "./affine.js";
import { checkCenter } from "./angles.js";
import { CenterCrop } from "./center-crop.js";
import { cropWindow } from "./crop.js";
import * as elastic from "./elastic.js";
import * as rectangle from "./erase.js";
import { FiveCrop } from "./five-crop.js";
import { Pad, type Padding, type PadOptions } from "./pad.js";
import { type Corners, perspective as project } from "./perspective.js";
import { onPixels, sizePair } from "./pixels.js";
import { flipColumns, flipRows, movable, type Placement, placed } from "./placement.js";
import { checkMode, type ResamplingOptions, Resize, type ResizeOptions, resizePixels } from "./resize.js";
import type { SamplingOptions } from "./sampling.js";
import { TenCrop, type TenCropOptions } from "./ten-crop.js";

// Images are `[…, C, H, W]` and come back in the same element type. What only moves pixels takes any element type,
// masks included; the rest bytes and floating-point numbers.

function move(caller: string, image: Tensor, place: (height: number, width: number) => Placement): Tensor {
  return onPixels(caller, image, (pixels) => placed(pixels, place(pixels.height, pixels.width)), movable);
}

/**
 * The window that starts at `top`, `left`; zeros where it reaches beyond the image.
 *
 * @throws UsageError unless all four are integers, height and width positive.
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * transforms.functional.crop(image, 1, 2, 2, 3).toArray(); // → [[[6, 7, 0], [10, 11, 0]]]
 */
export function crop(image: Tensor, top: number, left: number, height: number, width: number): Tensor {
  return move("crop", image, (h, w) => cropWindow({ height: h, width: w }, top, left, height, width));
}

/**
 * See `CenterCrop`.
 *
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * transforms.functional.centerCrop(image, 2).toArray(); // → [[[5, 6], [9, 10]]]
 */
export function centerCrop(image: Tensor, outputSize: number | readonly number[]): Tensor {
  return new CenterCrop(outputSize).forward(image);
}

/**
 * See `FiveCrop`.
 *
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * transforms.functional.fiveCrop(image, 2).map((crop) => crop.toArray()); // → [[[[0, 1], [4, 5]]], [[[2, 3], [6, 7]]], [[[8, 9], [12, 13]]], [[[10, 11], [14, 15]]], [[[5, 6],
 * //   [9, 10]]]]
 */
export function fiveCrop(image: Tensor, size: number | readonly number[]): Tensor[] {
  return new FiveCrop(size).forward(image);
}

/**
 * See `TenCrop`.
 *
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * transforms.functional.tenCrop(image, 3).length; // → 10
 */
export function tenCrop(image: Tensor, size: number | readonly number[], options: TenCropOptions = {}): Tensor[] {
  return new TenCrop(size, options).forward(image);
}

/**
 * See `Pad`.
 *
 * @example
 * const image = tensor([[[0, 50, 100, 250]]], { dtype: "uint8" });
 * transforms.functional.pad(image, [1, 0], { paddingMode: "edge" }).toArray(); // → [[[0, 0, 50, 100, 250, 250]]]
 */
export function pad(image: Tensor, padding: Padding, options: PadOptions = {}): Tensor {
  return new Pad(padding, options).forward(image);
}

/**
 * Mirrors an image left to right.
 *
 * @example
 * const image = tensor([[[0, 50, 100, 250]]], { dtype: "uint8" });
 * transforms.functional.hflip(image).toArray(); // → [[[250, 100, 50, 0]]]
 */
export function hflip(image: Tensor): Tensor {
  return move("hflip", image, flipColumns);
}

/**
 * Turns an image upside down.
 *
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * transforms.functional.vflip(image).toArray(); // → [[[12, 13, 14, 15], [8, 9, 10, 11], [4, 5, 6, 7], [0, 1, 2, 3]]]
 */
export function vflip(image: Tensor): Tensor {
  return move("vflip", image, flipRows);
}

/**
 * See `Resize`.
 *
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * transforms.functional.resize(image, 2).toArray(); // → [[[4, 5], [10, 11]]]
 */
export function resize(image: Tensor, size: number | readonly number[], options: ResizeOptions = {}): Tensor {
  return new Resize(size, options).forward(image);
}

/**
 * A window of the image, scaled to `size`. Options: `interpolation` ("bilinear"), `antialias` (true).
 *
 * @throws UsageError for a window or a size that is not positive, or an unknown interpolation.
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * transforms.functional.resizedCrop(image, 1, 1, 2, 2, 3).toArray(); // → [[[5, 6, 6], [7, 8, 8], [9, 10, 10]]]
 */
export function resizedCrop(
  image: Tensor,
  top: number,
  left: number,
  height: number,
  width: number,
  size: number | readonly number[],
  { interpolation = "bilinear", antialias = true }: ResamplingOptions = {},
): Tensor {
  checkMode("resizedCrop", interpolation);
  const [newHeight, newWidth] = sizePair("resizedCrop", size);
  return onPixels("resizedCrop", image, (pixels) => {
    const window = placed(pixels, cropWindow(pixels, top, left, height, width));
    return resizePixels(window, newHeight, newWidth, { interpolation, antialias });
  });
}

/** How `rotate` finds its pixels, and the size of its result. */
export interface RotateOptions extends SamplingOptions {
  /** Whether the result grows to hold all of the turned image. Default false. */
  expand?: boolean;
  /** The point that stays, `[x, y]` in pixels from the upper left corner. Default: the middle. */
  center?: motion.Center;
}

/**
 * Turns an image counter-clockwise, by degrees. Options: `interpolation` ("nearest"), `expand` (false), `center`
 * (null: the middle), `fill` (null).
 *
 * @throws UsageError for an angle that is not finite, or an option that makes no sense.
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * transforms.functional.rotate(image, 90).toArray(); // → [[[3, 7, 11, 15], [2, 6, 10, 14], [1, 5, 9, 13], [0, 4, 8, 12]]]
 */
export function rotate(image: Tensor, angle: number, options: RotateOptions = {}): Tensor {
  const { interpolation = "nearest", expand = false, center = null, fill = null } = options;
  checkCenter("rotate", center);
  return onPixels("rotate", image, (pixels) =>
    motion.rotate("rotate", pixels, angle, { interpolation, expand, center, fill }),
  );
}

/** How `affine` finds its pixels. */
export interface AffineOptions extends SamplingOptions {
  /** The point that stays, `[x, y]` in pixels from the upper left corner. Default: the middle. */
  center?: motion.Center;
}

/**
 * Shears, scales and turns an image (clockwise, by degrees), then moves it by `translate`, `[x, y]` in pixels. `shear`
 * is in degrees: along x, or `[x, y]`. Options: `interpolation` ("nearest"), `fill` (null), `center` (null: the middle).
 *
 * @throws UsageError for a scale that is not positive, or what is no number.
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * transforms.functional.affine(image, 30, [1, 0], 1.2, [5, 0], { interpolation: "bilinear" }).toArray(); // → [[[0, 3, 3, 2], [5, 7, 6, 5], [12, 11, 10, 9], [5, 10, 13, 12]]]
 */
export function affine(
  image: Tensor,
  angle: number,
  translate: readonly [x: number, y: number],
  scale: number,
  shear: number | readonly [x: number, y: number],
  { interpolation = "nearest", fill = null, center = null }: AffineOptions = {},
): Tensor {
  checkCenter("affine", center);
  const change = { angle, translate, scale, shear: typeof shear === "number" ? ([shear, 0] as const) : shear };
  return onPixels("affine", image, (pixels) =>
    motion.affine("affine", pixels, change, center, { interpolation, fill }),
  );
}

/**
 * Takes four points of an image to four others, as if it were seen from elsewhere. The points are `[x, y]`: usually
 * the corners top left, top right, bottom right and bottom left, and where they go. Options: `interpolation`
 * ("bilinear"), `fill` (null).
 *
 * @throws UsageError for what is not four points, or three points on a line.
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * const corners = [[0, 0], [3, 0], [3, 3], [0, 3]] as const;
 * transforms.functional.perspective(image, corners, [[1, 0], [3, 1], [3, 3], [0, 2]]).toArray(); // → [[[1, 0, 0, 0], [5, 6, 5, 2], [11, 11, 10, 8], [6, 9, 12, 13]]]
 */
export function perspective(
  image: Tensor,
  startpoints: Corners,
  endpoints: Corners,
  { interpolation = "bilinear", fill = null }: SamplingOptions = {},
): Tensor {
  return onPixels("perspective", image, (pixels) =>
    project("perspective", pixels, startpoints, endpoints, { interpolation, fill }),
  );
}

/**
 * Moves each pixel by a displacement `[1, H, W, 2]`, x and y in halves of the image's width and height. Options:
 * `interpolation` ("bilinear"), `fill` (null).
 *
 * @throws ShapeError for a displacement of another shape.
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * transforms.functional.elasticTransform(image, full([1, 4, 4, 2], 0.5)).toArray(); // → [[[5, 6, 7, 0], [9, 10, 11, 0], [13, 14, 15, 0], [0, 0, 0, 0]]]
 */
export function elasticTransform(
  image: Tensor,
  displacement: Tensor,
  { interpolation = "bilinear", fill = null }: SamplingOptions = {},
): Tensor {
  return onPixels("elasticTransform", image, (pixels) =>
    elastic.elasticTransform("elasticTransform", pixels, displacement, { interpolation, fill }),
  );
}

/**
 * Overwrites the rectangle of height `h` and width `w` at row `i`, column `j` with a value, one per channel, or a tensor
 * `[C, h, w]`.
 *
 * @throws UsageError for a rectangle that is not inside the image.
 * @throws ShapeError for values that do not fit it.
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * transforms.functional.erase(image, 1, 1, 2, 2, 99).toArray(); // → [[[0, 1, 2, 3], [4, 99, 99, 7], [8, 99, 99, 11], [12, 13, 14, 15]]]
 */
export function erase(
  image: Tensor,
  i: number,
  j: number,
  h: number,
  w: number,
  v: number | readonly number[] | Tensor,
): Tensor {
  const values = typeof v === "number" ? [v] : "toTypedArray" in v ? v.toTypedArray() : v;
  return onPixels("erase", image, (pixels) => rectangle.erase("erase", pixels, i, j, h, w, values));
}
