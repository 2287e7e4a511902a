/** Something that turns a sample into another, as the transforms of this package and any `Module` do. */
export interface Transform<Input, Output> {
  forward(input: Input): Output;
}

/** A transform, or a plain function in its place. */
export type TransformLike<Input, Output> = Transform<Input, Output> | ((input: Input) => Output);

export function applyTransform<Input, Output>(transform: TransformLike<Input, Output>, input: Input): Output {
  return typeof transform === "function" ? transform(input) : transform.forward(input);
}
