import { allocate } from "../allocate.js";
import { DTypeError, ShapeError } from "../errors.js";
import { inPlace } from "../recorder.js";
import { broadcastShapes, formatShape, numberOfElements, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { cast, operand, type TensorOrNumber } from "./elementwise.js";
import { stack } from "./join.js";
import { flatNonzero, nonzeroPerDim } from "./nonzero-positions.js";
import { expand } from "./view.js";
import { where } from "./where.js";

function checkMask(op: string, mask: Tensor): void {
  if (mask.dtype !== "bool") {
    throw new DTypeError(`${op}: expected a bool mask, got ${mask.dtype}; convert with .to("bool") or compare`);
  }
}

function checkValue(op: string, value: TensorOrNumber): void {
  if (typeof value === "object" && value.ndim > 0) {
    throw new ShapeError(`${op}: expected a number or a 0-dimensional tensor, got shape ${formatShape(value.shape)}`);
  }
}

/**
 * A copy of x with one value where the bool mask is true.
 *
 * **Shapes** x, mask: any that broadcast; value: a number or 0-dimensional; result: the common shape.
 * @throws DTypeError if the mask is not bool.
 * @example
 * const scores = tensor([[0.5, 2, 1]]);
 * scores.maskedFill(tensor([false, false, true]), -Infinity).softmax(-1); // → [[0.1824, 0.8176, 0]]
 */
export function maskedFill(x: Tensor, mask: Tensor, value: TensorOrNumber): Tensor {
  checkMask("maskedFill", mask);
  checkValue("maskedFill", value);
  broadcastShapes("maskedFill", x.shape, mask.shape);
  return where(mask, operand(value, x.dtype), x);
}

/**
 * {@link maskedFill} in place; the mask broadcasts to x's shape.
 * @example zeros([3]).maskedFill_(tensor([true, false, true]), 5); // → [5, 0, 5]
 */
export function maskedFill_(x: Tensor, mask: Tensor, value: TensorOrNumber): Tensor {
  checkMask("maskedFill_", mask);
  checkValue("maskedFill_", value);
  if (!sameShape(broadcastShapes("maskedFill_", x.shape, mask.shape), x.shape)) {
    throw new ShapeError(
      `maskedFill_: a mask of shape ${formatShape(mask.shape)} does not broadcast to the tensor's ${formatShape(x.shape)}`,
    );
  }
  const compute = (old: Tensor): Tensor => where(mask, operand(value, old.dtype), old);
  return inPlace(x, [typeof value === "object" ? value : null], (self) => self.overwrite(compute(self)), compute);
}

/**
 * The positions of the elements that are not 0, in order.
 *
 * **Shapes** x: any of n dimensions; result: [count, n], int32.
 * @example tensor([0, 3, 0, 4]).nonzero(); // → [[1], [3]]
 */
export function nonzero(x: Tensor): Tensor {
  if (x.ndim > 0) return stack(nonzeroPerDim(x), 1);
  return allocate([numberOfElements(flatNonzero(x).shape), 0], "int32");
}

/**
 * {@link nonzero} under NumPy's name.
 * @example argwhere(tensor([[0, 3], [4, 0]])); // → [[0, 1], [1, 0]]
 */
export function argwhere(x: Tensor): Tensor {
  return nonzero(x);
}

/**
 * The elements where the bool mask is true, in order, as a vector.
 *
 * **Shapes** x, mask: any that broadcast; result: [count].
 * @throws DTypeError if the mask is not bool.
 * @example
 * const x = tensor([1, 5, 3]);
 * maskedSelect(x, x.gt(2)); // → [5, 3]
 */
export function maskedSelect(x: Tensor, mask: Tensor): Tensor {
  checkMask("maskedSelect", mask);
  const shape = broadcastShapes("maskedSelect", x.shape, mask.shape);
  const positions = flatNonzero(expand(mask, shape));
  return expand(x, shape).reshape([-1]).indexSelect(0, positions);
}

function scatterMasked(op: string, x: Tensor, mask: Tensor, source: Tensor): Tensor {
  const shape = broadcastShapes(op, x.shape, mask.shape);
  const positions = flatNonzero(expand(mask, shape));
  const wanted = numberOfElements(positions.shape);
  const given = numberOfElements(source.shape);
  if (given < wanted) {
    throw new ShapeError(`${op}: the mask is true ${wanted} times, but the source has only ${given} elements`);
  }
  if (source.dtype !== x.dtype) throw new DTypeError(`${op}: expected a source of ${x.dtype}, got ${source.dtype}`);
  const values = source.reshape([-1]).narrow(0, 0, wanted);
  return expand(x, shape).reshape([-1]).scatter(0, positions, values).reshape(shape);
}

/**
 * A copy of x in which the elements where the bool mask is true are those of `source`, in order.
 *
 * **Shapes** x, mask: any that broadcast; source: any of at least as many elements as the mask has true ones.
 * @throws ShapeError for a source that is too small; DTypeError if the mask is not bool, or the dtypes differ.
 * @example maskedScatter(zeros([3]), tensor([true, false, true]), tensor([1.5, 2.5])); // → [1.5, 0, 2.5]
 */
export function maskedScatter(x: Tensor, mask: Tensor, source: Tensor): Tensor {
  checkMask("maskedScatter", mask);
  return scatterMasked("maskedScatter", x, mask, source);
}

/**
 * {@link maskedScatter} in place; the mask broadcasts to x's shape.
 * @example maskedScatter_(zeros([3]), tensor([true, false, true]), tensor([1.5, 2.5])); // → [1.5, 0, 2.5]
 */
export function maskedScatter_(x: Tensor, mask: Tensor, source: Tensor): Tensor {
  checkMask("maskedScatter_", mask);
  const whole = expand(mask, x.shape);
  const compute = (old: Tensor): Tensor => scatterMasked("maskedScatter_", old, whole, cast(source, old.dtype));
  return inPlace(x, [source], (self) => self.overwrite(compute(self)), compute);
}
