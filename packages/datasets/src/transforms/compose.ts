import type { Tensor } from "@kindling/tensor";
import { applyTransform, type Transform, type TransformLike } from "./transform.js";

/**
 * Transforms one after the other.
 *
 * @example
 * new transforms.Compose([
 *   new transforms.RandomCrop(32, { padding: 4 }),
 *   new transforms.RandomHorizontalFlip(),
 *   new transforms.ToTensor(),
 * ]);
 */
export class Compose implements Transform<Tensor, Tensor> {
  readonly transforms: readonly TransformLike<Tensor, Tensor>[];

  constructor(transforms: readonly TransformLike<Tensor, Tensor>[]) {
    this.transforms = transforms;
  }

  forward(image: Tensor): Tensor {
    return this.transforms.reduce((result, transform) => applyTransform(transform, result), image);
  }

  toString(): string {
    return `Compose(\n${this.transforms.map((transform) => `    ${transform}\n`).join("")})`;
  }
}
