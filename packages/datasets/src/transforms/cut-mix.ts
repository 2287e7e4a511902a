import type { Tensor } from "@kindling/tensor";
import { drawInteger } from "../draws.js";
import { BatchMixing } from "./mixing.js";

/**
 * Pastes a rectangle of the image before it into each image of a batch, and mixes their classes by area, with PyTorch's
 * draws: the share from a beta distribution, then x and y of the rectangle's middle. The labels become shares of
 * classes, `[batch, numClasses]`, as `CrossEntropyLoss` takes them.
 *
 * Options: `alpha` (1), `numClasses` (needed unless the labels are one-hot already).
 *
 * **Shapes**: `[batch, C, H, W]` and `[batch]` or `[batch, classes]` → `[batch, C, H, W]` and `[batch, classes]`.
 *
 * @throws ShapeError for other shapes.
 * @throws UsageError for an alpha that is not positive, or when numClasses is missing.
 * @example
 * const images = stack([zeros([1, 4, 4]), ones([1, 4, 4])]);
 * const cutMix = new transforms.CutMix({ numClasses: 2 });
 * manualSeed(1);
 * cutMix.forward(images, tensor([0, 1])).map((part) => part.select(0, 0).toArray()); // → [[[[0, 0, 1, 1], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]], [0.875, 0.125]]
 * @source "CutMix", https://arxiv.org/abs/1905.04899
 */
export class CutMix extends BatchMixing {
  protected mix(images: Tensor, share: number): readonly [images: Tensor, left: number] {
    const [height = 0, width = 0] = images.shape.slice(-2);
    const x = drawInteger(width);
    const y = drawInteger(height);
    const half = 0.5 * Math.sqrt(1 - share);
    const [left, right] = around(x, Math.trunc(half * width), width);
    const [top, bottom] = around(y, Math.trunc(half * height), height);
    const [w, h] = [right - left, bottom - top];
    const mixed = images.clone();
    if (w > 0 && h > 0) {
      const window = (of: Tensor) => of.narrow(-2, top, h).narrow(-1, left, w);
      window(mixed).copy_(window(images).roll(1, 0));
    }
    return [mixed, 1 - (w * h) / (width * height)];
  }
}

function around(middle: number, half: number, size: number): readonly [start: number, end: number] {
  return [Math.max(middle - half, 0), Math.min(middle + half, size)];
}
