import { filled } from "../allocate.js";
import { record } from "../recorder.js";
import type { Shape } from "../shape.js";
import { Tensor } from "../tensor.js";
import { copyInto } from "./copy.js";

/**
 * A contiguous tensor of `shape` filled with `value`, in which x is written at the positions that `strides` and
 * `offset` say: the counterpart of `asStrided`, and the gradient of every view that leaves elements out. The
 * positions must be different ones inside the result.
 */
export function placeStrided(x: Tensor, shape: Shape, strides: Shape, offset: number, value = 0): Tensor {
  const out = filled(shape, x.dtype, value);
  copyInto(new Tensor(out.storage, x.dtype, x.shape, strides, offset), x);
  return record("placeStrided", [x], out, { strides, offset });
}
