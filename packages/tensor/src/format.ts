import type { Tensor } from "./tensor.js";

/** The text of a tensor, as PyTorch prints it. */
export function formatTensor(x: Tensor): string {
  return `tensor(${JSON.stringify(x.toArray())}, dtype=${x.dtype})`;
}
