import type { Tensor } from "@kindling/tensor";

/** Something that turns a sample into another, as the transforms of this package and any `Module` do. */
export interface Transform<Input, Output> {
  /** The sample after the transform. */
  forward(input: Input): Output;
}

/** A transform, or a plain function in its place. */
export type TransformLike<Input, Output> = Transform<Input, Output> | ((input: Input) => Output);

export function applyTransform<Input, Output>(transform: TransformLike<Input, Output>, input: Input): Output {
  return typeof transform === "function" ? transform(input) : transform.forward(input);
}

/** One of several transforms of images in a row; some make several crops of an image, and the next one image of these. */
export type Step = TransformLike<Tensor, Tensor> | Transform<Tensor, Tensor[]> | Transform<Tensor[], Tensor>;

export function applyAll(steps: readonly Step[], image: Tensor): Tensor {
  return (steps as readonly TransformLike<Tensor, Tensor>[]).reduce(
    (result, step) => applyTransform(step, result),
    image,
  );
}
