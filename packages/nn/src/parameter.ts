import { Tensor } from "@kindling/tensor";

/**
 * A tensor that a module learns: it requires grad, and a field that holds one is listed by `parameters()`.
 * Shares the memory of `data`.
 *
 * @example class Scale extends Module { factor = new Parameter(ones([1])); forward(x: Tensor) { return x.mul(this.factor); } }
 */
export class Parameter extends Tensor {
  constructor(data: Tensor, options: { requiresGrad?: boolean } = {}) {
    super(data.storage, data.dtype, data.shape, data.isContiguous() ? undefined : data.strides, data.offset);
    if (options.requiresGrad ?? true) this.requiresGrad_();
  }
}
