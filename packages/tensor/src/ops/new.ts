// Tensors in the type of another one, which are methods only.
import type { TypedArray } from "../dtype.js";
import type { NestedArray, Tensor } from "../tensor.js";
import {
  empty,
  emptyStrided,
  full,
  ones,
  type Size,
  type SizesAndOptions,
  splitSizes,
  type TensorOptions,
  tensor,
  zeros,
} from "./creation.js";

/**
 * A tensor with these values, in the type of x unless told otherwise.
 * @example ones([1], { dtype: "float64" }).newTensor([1, 2]).dtype; // → "float64"
 */
export function newTensor(x: Tensor, data: NestedArray | TypedArray, options: TensorOptions = {}): Tensor {
  return tensor(data, { dtype: x.dtype, ...options });
}

/**
 * An uninitialised tensor of this size, in the type of x unless told otherwise.
 * @example ones([1]).newEmpty(2, 3).shape; // → [2, 3]
 */
export function newEmpty(x: Tensor, ...args: SizesAndOptions<TensorOptions>): Tensor {
  const { shape, options } = splitSizes("newEmpty", args);
  return empty(shape, { dtype: x.dtype, ...options });
}

/**
 * An uninitialised tensor of this size and these strides, in the type of x unless told otherwise.
 * @example ones([1]).newEmptyStrided([2, 2], [1, 2]).strides; // → [1, 2]
 */
export function newEmptyStrided(
  x: Tensor,
  size: readonly number[],
  stride: readonly number[],
  options: TensorOptions = {},
): Tensor {
  return emptyStrided(size, stride, { dtype: x.dtype, ...options });
}

/**
 * One value in a tensor of this size, in the type of x unless told otherwise.
 * @example tensor([1]).newFull([2], 3); // → [3, 3]
 */
export function newFull(x: Tensor, size: Size, value: number | boolean, options: TensorOptions = {}): Tensor {
  return full(size, value, { dtype: x.dtype, ...options });
}

/**
 * Ones of this size, in the type of x unless told otherwise.
 * @example tensor([1]).newOnes(2); // → [1, 1]
 */
export function newOnes(x: Tensor, ...args: SizesAndOptions<TensorOptions>): Tensor {
  const { shape, options } = splitSizes("newOnes", args);
  return ones(shape, { dtype: x.dtype, ...options });
}

/**
 * Zeros of this size, in the type of x unless told otherwise.
 * @example tensor([1]).newZeros(2); // → [0, 0]
 */
export function newZeros(x: Tensor, ...args: SizesAndOptions<TensorOptions>): Tensor {
  const { shape, options } = splitSizes("newZeros", args);
  return zeros(shape, { dtype: x.dtype, ...options });
}
