import { type DType, noGrad, Tensor } from "@kindling/tensor";

/**
 * A tensor that a module learns: it requires grad, and a field that holds one is listed by `parameters()`.
 * Shares the memory of `data`.
 *
 * Options: `requiresGrad` (default true).
 * @throws DTypeError if it is to require grad and is not floating point.
 * @example
 * class Scale extends Module {
 *   factor = new Parameter(full([1], 3, { dtype: "float32" }));
 *   forward(x: Tensor) { return x.mul(this.factor); }
 * }
 * new Scale().forward(ones(2)); // → [3, 3]
 */
export class Parameter extends Tensor {
  constructor(data: Tensor, options: { requiresGrad?: boolean } = {}) {
    super(data.storage, data.dtype, data.shape, data.isContiguous() ? undefined : data.strides, data.offset);
    if (options.requiresGrad ?? true) this.requiresGrad_();
  }

  override toString(): string {
    return `Parameter containing:\n${super.toString()}`;
  }
}

/** A tensor in another dtype; a parameter becomes a parameter, and keeps its gradient. */
export function convertTensor(value: Tensor, dtype: DType): Tensor {
  const result = noGrad(() => value.to(dtype));
  if (!(value instanceof Parameter)) return result;
  const parameter = new Parameter(result, { requiresGrad: value.requiresGrad });
  const gradient = value.peekGrad();
  if (gradient !== null) parameter.grad = noGrad(() => gradient.to(dtype));
  return parameter;
}

/** A tensor with memory of its own and without a history; a parameter becomes a parameter. */
export function copyTensor(value: Tensor): Tensor {
  const copy = value.detach().clone();
  if (value instanceof Parameter) return new Parameter(copy, { requiresGrad: value.requiresGrad });
  return value.isLeaf ? copy.requiresGrad_(value.requiresGrad) : copy;
}
