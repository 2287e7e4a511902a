import { allocate } from "../allocate.js";
import { record } from "../recorder.js";
import { normalizeDims } from "../shape.js";
import { Tensor } from "../tensor.js";
import { copyInto } from "./copy.js";

/**
 * The elements in reverse order along `dims`, as a copy.
 *
 * **Shapes** x: any; result: the same.
 * @throws ShapeError for a dimension out of range or named twice.
 * @example tensor([1, 2, 3]).flip(0); // → [3, 2, 1]
 */
export function flip(x: Tensor, ...dims: [readonly number[]] | number[]): Tensor {
  const list = normalizeDims("flip", (typeof dims[0] === "object" ? dims[0] : dims) as readonly number[], x.ndim);
  const out = allocate(x.shape, x.dtype);
  // Kernels take strides of either sign: start from the last element and walk back.
  let { offset } = x;
  const strides = x.strides.map((stride, i) => {
    if (!list.includes(i)) return stride;
    offset += ((x.shape[i] as number) - 1) * stride;
    return -stride;
  });
  if (x.numel() > 0) copyInto(out, new Tensor(x.storage, x.dtype, x.shape, strides, offset));
  return record("flip", [x], out, { dims: list });
}
