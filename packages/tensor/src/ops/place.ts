import { filled } from "../allocate.js";
import { record } from "../recorder.js";
import type { Shape } from "../shape.js";
import { Tensor } from "../tensor.js";
import { copyInto } from "./copy.js";
import { runBinary } from "./elementwise.js";

/**
 * A dimension along which elements of this layout may coincide with others, null if none do: sorted by stride, each
 * dimension must step over all that the smaller ones reach. Of two that clash it is the one with fewer steps.
 */
function clashingDim(shape: Shape, strides: Shape): number | null {
  const dims = shape
    .map((size, dim) => ({ dim, size, stride: strides[dim] as number }))
    .filter(({ size }) => size > 1)
    .sort((a, b) => a.stride - b.stride);
  let reach = 1;
  for (const [i, own] of dims.entries()) {
    const smaller = dims[i - 1];
    if (own.stride < reach) return smaller !== undefined && smaller.size < own.size ? smaller.dim : own.dim;
    reach += own.stride * (own.size - 1);
  }
  return null;
}

/** Adds x to what lies at the positions of `target`, one after another where they coincide. */
function accumulate(target: Tensor, x: Tensor): void {
  const { storage, dtype, strides } = target;
  const dim = clashingDim(x.shape, strides);
  if (dim === null) {
    runBinary("add", target, x, target);
    return;
  }
  const without = (list: Shape): number[] => list.filter((_, i) => i !== dim);
  const shape = without(x.shape);
  for (let i = 0; i < (x.shape[dim] as number); i++) {
    const at = (whole: Tensor): number => whole.offset + i * (whole.strides[dim] as number);
    accumulate(
      new Tensor(storage, dtype, shape, without(strides), at(target)),
      new Tensor(x.storage, dtype, shape, without(x.strides), at(x)),
    );
  }
}

/**
 * A contiguous tensor of `shape` filled with `value`, in which x is written at the positions that `strides` and
 * `offset` say: the counterpart of `asStrided`, and the gradient of every view. Where positions coincide the elements
 * are added up (then `value` must be 0). The positions must be inside the result.
 *
 * @internal
 */
export function placeStrided(x: Tensor, shape: Shape, strides: Shape, offset: number, value = 0): Tensor {
  const out = filled(shape, x.dtype, value);
  const target = new Tensor(out.storage, x.dtype, x.shape, strides, offset);
  if (clashingDim(x.shape, strides) === null) copyInto(target, x);
  else accumulate(target, x);
  return record("placeStrided", [x], out, { strides, offset });
}
