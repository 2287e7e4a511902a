import type { Tensor } from "@kindling/tensor";
import { applyAll, type Step, type Transform } from "./transform.js";

/**
 * Transforms one after the other.
 *
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * manualSeed(0);
 * const transform = new transforms.Compose([
 *   new transforms.RandomCrop(2),
 *   new transforms.RandomHorizontalFlip(),
 *   new transforms.ToTensor(),
 * ]);
 * transform.forward(image).mul(255).toArray(); // → [[[9, 8], [13, 12]]]
 */
export class Compose implements Transform<Tensor, Tensor> {
  readonly transforms: readonly Step[];

  constructor(transforms: readonly Step[]) {
    this.transforms = transforms;
  }

  forward(image: Tensor): Tensor {
    return applyAll(this.transforms, image);
  }

  toString(): string {
    return `Compose(\n${this.transforms.map((transform) => `    ${transform}\n`).join("")})`;
  }
}
