import type { Tensor } from "@kindling/tensor";
import { applyTransform, type Step, type Transform, type TransformLike } from "./transform.js";

/** Several transforms, some of which are done, in an order that is drawn for each image. */
export abstract class DrawnSteps implements Transform<Tensor, Tensor> {
  /** The transforms to choose from. */
  readonly transforms: readonly Step[];

  constructor(transforms: readonly Step[]) {
    this.transforms = transforms;
  }

  /** Draws which transforms are done, by their places in the list, in order. */
  abstract choose(): readonly number[];

  forward(image: Tensor): Tensor {
    const steps = this.transforms as readonly TransformLike<Tensor, Tensor>[];
    return this.choose().reduce(
      (result, index) => applyTransform(steps[index] as TransformLike<Tensor, Tensor>, result),
      image,
    );
  }

  /** The names of the transforms, one on each line. */
  protected lines(): string {
    return this.transforms.map((transform) => `\n    ${transform}`).join("");
  }
}
