import { allocate } from "../allocate.js";
import { checkDType, type DType } from "../dtype.js";
import { record } from "../recorder.js";
import { Tensor } from "../tensor.js";
import { copyInto } from "./copy.js";

/**
 * This tensor in another element type; itself if it has that type already. Floating point to integer
 * truncates, to bool is `!= 0`.
 *
 * **Shapes** x: any; result: the same.
 * @throws DTypeError for an unknown type.
 * @example tensor([1.9, -1.9]).to("int32").toArray(); // [1, -1]
 */
export function to(x: Tensor, dtype: DType): Tensor {
  checkDType(dtype);
  if (x.dtype === dtype) return x;
  const out = allocate(x.shape, dtype);
  copyInto(out, x);
  return record("to", [x], out, { dtype });
}

/** A copy with memory of its own, through which gradients flow. */
export function clone(x: Tensor): Tensor {
  const out = allocate(x.shape, x.dtype);
  copyInto(out, x);
  return record("clone", [x], out, undefined);
}

/** This tensor if its elements lie row-major without gaps, else a copy that does. */
export function contiguous(x: Tensor): Tensor {
  return x.isContiguous() ? x : clone(x);
}

/** The same memory, cut off from the graph: no gradient flows through it. */
export function detach(x: Tensor): Tensor {
  return new Tensor(x.storage, x.dtype, x.shape, x.isContiguous() ? undefined : x.strides, x.offset);
}
