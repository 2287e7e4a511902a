import { ShapeError, type Tensor, tensor, UsageError } from "@kindling/tensor";
import { checkFloat, checkTensor } from "./pixels.js";
import type { Transform } from "./transform.js";

/**
 * Subtracts each channel's mean and divides by its standard deviation: (x − mean) / std.
 *
 * **Shapes**: `[…, C, H, W]` → the same, where C is the number of means (or there is one mean for all).
 *
 * @throws UsageError when a deviation is 0, or there are not as many deviations as means.
 * @example
 * const image = ones([3, 1, 1]);
 * new transforms.Normalize([0.5, 0.5, 0.5], [0.5, 0.25, 0.125]).forward(image).toArray(); // → [[[1]], [[2]], [[4]]]
 */
export class Normalize implements Transform<Tensor, Tensor> {
  readonly mean: readonly number[];
  readonly std: readonly number[];

  constructor(mean: readonly number[], std: readonly number[]) {
    const bad = [...mean, ...std].find((value) => !Number.isFinite(value));
    if (bad !== undefined || mean.length === 0 || mean.length !== std.length) {
      throw new UsageError(
        `Normalize: expected as many finite means as deviations, got [${mean.join(", ")}] and [${std.join(", ")}]`,
      );
    }
    if (std.includes(0)) throw new UsageError("Normalize: a standard deviation of 0 would divide by zero");
    this.mean = mean;
    this.std = std;
  }

  forward(image: Tensor): Tensor {
    checkTensor(image, "Normalize");
    checkFloat(image, "Normalize");
    const channels = image.shape.at(-3);
    const count = this.mean.length;
    if (channels === undefined || (count !== 1 && count !== channels)) {
      throw new ShapeError(
        `Normalize: expected an image of shape [${count}, height, width], got [${image.shape.join(", ")}]`,
      );
    }
    const perChannel = (values: readonly number[]) => tensor(values, { dtype: image.dtype }).reshape([count, 1, 1]);
    return image.sub(perChannel(this.mean)).div(perChannel(this.std));
  }

  toString(): string {
    return `Normalize(mean=[${this.mean.join(", ")}], std=[${this.std.join(", ")}])`;
  }
}
