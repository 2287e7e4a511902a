import { type Tensor, tensor } from "@kindling/tensor";

/** A float64 leaf that requires grad. */
export function parameter(...values: number[]): Tensor {
  return tensor(values, { dtype: "float64", requiresGrad: true });
}

/** Gives a parameter this gradient. */
export function setGrad(leaf: Tensor, ...values: number[]): void {
  leaf.grad = tensor(values, { dtype: leaf.dtype });
}
