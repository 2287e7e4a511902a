import { allocate } from "../allocate.js";
import { resultType } from "../dtype.js";
import { DTypeError } from "../errors.js";
import { code, kernels, metaBlock, writeLayout } from "../launch.js";
import { record } from "../recorder.js";
import { broadcastShapes, numberOfElements } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { operand, type TensorOrNumber } from "./elementwise.js";

/**
 * A choice for each element: `condition ? a : b`. Elementwise, with broadcasting and type promotion.
 *
 * **Shapes** condition (bool), a, b: any that broadcast; result: the common shape.
 * @throws DTypeError if condition is not bool; ShapeError if they do not broadcast.
 * @example
 * const x = tensor([-1, 2]);
 * where(x.gt(0), x, 0); // → [0, 2]
 */
export function where(condition: Tensor, a: TensorOrNumber, b: TensorOrNumber): Tensor {
  if (condition.dtype !== "bool" && condition.dtype !== "uint8") {
    throw new DTypeError(`where: expected a bool condition, got ${condition.dtype}; compare first, e.g. x.ne(0)`);
  }
  const dtype = resultType(a, b);
  const x = operand(a, dtype);
  const y = operand(b, dtype);
  const shape = broadcastShapes("where", condition.shape, broadcastShapes("where", x.shape, y.shape));
  const out = allocate(shape, dtype);
  if (numberOfElements(shape) > 0) {
    const ndim = writeLayout(shape, [out, condition, x, y]);
    kernels.where(code(dtype), ndim, metaBlock.address, condition.address, x.address, y.address, out.address);
  }
  return record("where", [condition, x, y], out, undefined);
}
