import { fullLike, noGrad, stack, type Tensor } from "@kindling/tensor";

/** Gives a tensor of the same elements another place in memory. */
export type Layout = (x: Tensor) => Tensor;

export const contiguous: Layout = (x) => x;

/** Every element has a stranger beside it, and the first is not the storage's first. */
export const spaced: Layout = (x) => {
  const stranger = fullLike(x, x.isFloatingPoint() ? Number.NaN : 1);
  return noGrad(() => stack([stranger, x], x.ndim).select(x.ndim, 1));
};

/** Spaced, and the first and last dimension change places in memory. */
export const strided: Layout = (x) => {
  if (x.ndim < 2) return spaced(x);
  return noGrad(() => spaced(x.transpose(0, -1)).transpose(0, -1));
};
