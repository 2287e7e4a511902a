import { itemSize } from "../dtype.js";
import { UsageError } from "../errors.js";
import { formatShape, numberOfElements, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";

/**
 * Bytes of one element.
 * @example zeros([2, 3]).elementSize(); // → 4
 */
export function elementSize(x: Tensor): number {
  return itemSize(x.dtype);
}

/**
 * Number of elements, as `numel`.
 * @example zeros([2, 3]).nelement(); // → 6
 */
export function nelement(x: Tensor): number {
  return numberOfElements(x.shape);
}

/**
 * Number of dimensions, as `dim`.
 * @example zeros([2, 3]).ndimension(); // → 2
 */
export function ndimension(x: Tensor): number {
  return x.ndim;
}

/**
 * Position of the first element in the storage.
 * @example zeros([2, 3]).select(0, 1).storageOffset(); // → 3
 */
export function storageOffset(x: Tensor): number {
  return x.offset;
}

/**
 * Whether the elements are complex numbers: never, there are none.
 * @example isComplex(zeros([2])); // → false
 */
export function isComplex(_x: Tensor): boolean {
  return false;
}

/**
 * Whether the elements can be negative: not those of bool and uint8.
 * @example isSigned(tensor([1], { dtype: "uint8" })); // → false
 */
export function isSigned(x: Tensor): boolean {
  return x.dtype !== "bool" && x.dtype !== "uint8";
}

/**
 * Whether both have the same shape.
 * @example isSameSize(zeros([2, 3]), ones([2, 3])); // → true
 */
export function isSameSize(x: Tensor, other: Tensor): boolean {
  return sameShape(x.shape, other.shape);
}

/**
 * Whether the one element is not 0.
 *
 * @throws UsageError unless there is exactly one element.
 * @example isNonzero(tensor([2])); // → true
 */
export function isNonzero(x: Tensor): boolean {
  if (numberOfElements(x.shape) === 1) return x.item() !== 0;
  throw new UsageError(
    `isNonzero: expected a tensor of one element, got shape ${formatShape(x.shape)}; use .any() or .all()`,
  );
}

/**
 * Whether each element is a real number, as bool: all are.
 * @example isreal(tensor([1, NaN])); // → [true, true]
 */
export function isreal(x: Tensor): Tensor {
  return x.eq(x).logicalOr(true);
}
