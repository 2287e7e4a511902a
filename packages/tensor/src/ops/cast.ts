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
 * @example
 * tensor([1.9, -1.9]).to("int32"); // → [1, -1]
 * tensor([0, 2]).to("bool"); // → [false, true]
 */
export function to(x: Tensor, dtype: DType): Tensor {
  checkDType(dtype);
  if (x.dtype === dtype) return x;
  const out = allocate(x.shape, dtype);
  copyInto(out, x);
  return record("to", [x], out, { dtype });
}

/**
 * A copy with memory of its own, through which gradients flow.
 *
 * **Shapes** x: any; result: the same.
 * @example
 * const x = tensor([1, 2]);
 * x.clone().fill_(0);
 * x; // → [1, 2]
 */
export function clone(x: Tensor): Tensor {
  const out = allocate(x.shape, x.dtype);
  copyInto(out, x);
  return record("clone", [x], out, undefined);
}

/**
 * This tensor if its elements lie row-major without gaps, else a copy that does.
 *
 * **Shapes** x: any; result: the same.
 * @example contiguous(tensor([[1, 2], [3, 4]]).t()).strides; // → [2, 1]
 */
export function contiguous(x: Tensor): Tensor {
  return x.isContiguous() ? x : clone(x);
}

/**
 * The same memory, cut off from the graph: no gradient flows through it. Writing to one writes to the other.
 *
 * **Shapes** x: any; result: the same.
 * @example detach(ones(2, { requiresGrad: true })).requiresGrad; // → false
 */
export function detach(x: Tensor): Tensor {
  return new Tensor(x.storage, x.dtype, x.shape, x.isContiguous() ? undefined : x.strides, x.offset);
}
