import type { Transform } from "./transform.js";

/**
 * Any function as a transform.
 *
 * @example
 * const double = new transforms.Lambda((image: Tensor) => image.mul(2));
 * double.forward(ones([1, 1, 2])).toArray(); // → [[[2, 2]]]
 */
export class Lambda<Input, Output> implements Transform<Input, Output> {
  readonly lambd: (input: Input) => Output;

  constructor(lambd: (input: Input) => Output) {
    this.lambd = lambd;
  }

  forward(input: Input): Output {
    return this.lambd(input);
  }

  toString(): string {
    return "Lambda()";
  }
}
