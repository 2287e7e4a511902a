import { allocate } from "../allocate.js";
import { checkDType, type DType, isFloatingPoint } from "../dtype.js";
import { DTypeError } from "../errors.js";
import { code, kernels } from "../launch.js";
import { record } from "../recorder.js";
import { normalizeDim, numberOfElements } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { cast } from "./elementwise.js";
import { dense, splitAround } from "./reduce.js";

/** Options of {@link softmax} and {@link logSoftmax}. */
export interface SoftmaxOptions {
  /** Element type to compute in. Default: that of x. */
  dtype?: DType;
}

function apply(op: "softmax" | "logSoftmax", x: Tensor, dim: number, options: SoftmaxOptions): Tensor {
  const along = normalizeDim(op, dim, x.ndim);
  if (options.dtype !== undefined) checkDType(options.dtype);
  const input = cast(x, options.dtype ?? x.dtype);
  if (!isFloatingPoint(input.dtype)) {
    throw new DTypeError(`${op}: expected a floating point tensor, got ${x.dtype}; give { dtype: "float32" }`);
  }
  const out = allocate(input.shape, input.dtype);
  if (numberOfElements(input.shape) > 0) {
    const source = dense(input);
    const { outer, n, inner } = splitAround(input.shape, along);
    kernels.softmax(op === "softmax" ? 0 : 1, code(input.dtype), outer, n, inner, source.address, out.address);
  }
  return record(op, [input], out, { dim: along });
}

/**
 * Exponentials as shares of their sum along a dimension, without overflow: `e^xᵢ / Σ e^xⱼ`, from 0 to 1.
 *
 * **Shapes** x: any; result: the same. Options: `dtype`.
 * @throws ShapeError for a dimension out of range; DTypeError for integers.
 * @example softmax(tensor([[0.5, 0.5, 1.5]]), 1); // → [[0.2119, 0.2119, 0.5761]]
 */
export function softmax(x: Tensor, dim: number, options: SoftmaxOptions = {}): Tensor {
  return apply("softmax", x, dim, options);
}

/**
 * Logarithm of the softmax along a dimension, without overflow: `xᵢ − ln Σ e^xⱼ`.
 *
 * **Shapes** x: any; result: the same. Options: `dtype`.
 * @throws ShapeError for a dimension out of range; DTypeError for integers.
 * @example logSoftmax(tensor([[0.5, 0.5, 1.5]]), 1); // → [[-1.5514, -1.5514, -0.5514]]
 */
export function logSoftmax(x: Tensor, dim: number, options: SoftmaxOptions = {}): Tensor {
  return apply("logSoftmax", x, dim, options);
}

/**
 * Softmax of the negative: `e^−xᵢ / Σ e^−xⱼ` along a dimension.
 *
 * **Shapes** x: any; result: the same. Options: `dtype`.
 * @throws ShapeError for a dimension out of range; DTypeError for integers.
 * @example softmin(tensor([[0.5, 0.5, 1.5]]), 1); // → [[0.4223, 0.4223, 0.1554]]
 */
export function softmin(x: Tensor, dim: number, options: SoftmaxOptions = {}): Tensor {
  return apply("softmax", x.neg(), dim, options);
}
