import { type Tensor, UsageError } from "@kindling/tensor";
import { CenterCrop } from "./center-crop.js";
import { Grayscale } from "./grayscale.js";
import { Normalize } from "./normalize.js";
import { Pad, type Padding, type PadOptions } from "./pad.js";
import { flipColumns, flipRows, type Placement, PlacementTransform, range } from "./placement.js";
import { Resize, type ResizeOptions } from "./resize.js";
import { ToTensor } from "./to-tensor.js";

/** A placement that is always the same kind, as a transform. */
class Placed extends PlacementTransform {
  readonly place: (height: number, width: number) => Placement;

  constructor(place: (height: number, width: number) => Placement) {
    super();
    this.place = place;
  }
}

/** See `ToTensor`. */
export function toTensor(image: Tensor): Tensor {
  return new ToTensor().forward(image);
}

/** See `Normalize`. */
export function normalize(image: Tensor, mean: readonly number[], std: readonly number[]): Tensor {
  return new Normalize(mean, std).forward(image);
}

/** The window of an image `[C, H, W]` that starts at `top`, `left`; zeros where it reaches beyond the image. */
export function crop(image: Tensor, top: number, left: number, height: number, width: number): Tensor {
  if (![top, left, height, width].every(Number.isInteger) || height <= 0 || width <= 0) {
    throw new UsageError(
      `crop: expected integers and a positive height and width, got ${[top, left, height, width].join(", ")}`,
    );
  }
  const inside = (indices: Int32Array, size: number) =>
    indices.map((index) => (index >= 0 && index < size ? index : -1));
  const place = (oldHeight: number, oldWidth: number) => ({
    rows: inside(range(top, height), oldHeight),
    columns: inside(range(left, width), oldWidth),
    fill: 0,
  });
  return new Placed(place).forward(image);
}

/** See `CenterCrop`. */
export function centerCrop(image: Tensor, outputSize: number | readonly number[]): Tensor {
  return new CenterCrop(outputSize).forward(image);
}

/** See `Pad`. */
export function pad(image: Tensor, padding: Padding, options: PadOptions = {}): Tensor {
  return new Pad(padding, options).forward(image);
}

/** Mirrors an image left to right. */
export function hflip(image: Tensor): Tensor {
  return new Placed(flipColumns).forward(image);
}

/** Turns an image upside down. */
export function vflip(image: Tensor): Tensor {
  return new Placed(flipRows).forward(image);
}

/** See `Resize`. */
export function resize(image: Tensor, size: number | readonly number[], options: ResizeOptions = {}): Tensor {
  return new Resize(size, options).forward(image);
}

/** See `Grayscale`. */
export function rgbToGrayscale(image: Tensor, numOutputChannels: 1 | 3 = 1): Tensor {
  return new Grayscale(numOutputChannels).forward(image);
}
