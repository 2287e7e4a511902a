import { manualSeed, rand, type Tensor } from "@kindling/tensor";
import { grad, gradcheck } from "../../src/index.js";

/** Random float64 numbers of [low, high) that want gradients. */
export function variable(shape: readonly number[], low = -1, high = 1): Tensor {
  return rand(shape, { dtype: "float64" })
    .mul(high - low)
    .add(low)
    .detach()
    .requiresGrad_();
}

/** Compares first and second derivatives of `fn` with central differences. */
export function checkTwice(fn: (...inputs: Tensor[]) => Tensor, inputs: readonly Tensor[]): void {
  gradcheck(fn, inputs);
  // The gradient of a curved function of the output, so that the incoming gradient matters too.
  const gradients = (...variables: Tensor[]): Tensor => {
    const wanted = variables.filter((input) => input.requiresGrad);
    return grad(
      fn(...variables)
        .square()
        .sum(),
      wanted,
      { createGraph: true },
    )
      .map((gradient) => (gradient as Tensor).square().sum())
      .reduce((total, part) => total.add(part));
  };
  gradcheck(gradients, inputs, { atol: 1e-4 });
}

/** Makes the numbers of a test the same whatever ran before it. */
export function seeded(body: () => void): () => void {
  return () => {
    manualSeed(7);
    body();
  };
}
