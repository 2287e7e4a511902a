import { type MaxPoolOptions, maxPool2d, type Pair, type Tensor } from "@kindling/tensor";
import { Module } from "../module.js";

function show(value: Pair): string {
  return typeof value === "number" ? String(value) : `(${value.join(", ")})`;
}

/**
 * Largest element of every window; see `maxPool2d` for shapes and options.
 *
 * @example new MaxPool2d(2).forward(randn([1, 3, 32, 32])).shape; // [1, 3, 16, 16]
 */
export class MaxPool2d extends Module {
  static readonly keepsNoTensors = true;
  readonly kernelSize: Pair;
  readonly options: MaxPoolOptions;

  constructor(kernelSize: Pair, options: MaxPoolOptions = {}) {
    super();
    this.kernelSize = kernelSize;
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    return maxPool2d(x, this.kernelSize, this.options);
  }

  override extraRepr(): string {
    const { stride, padding = 0, dilation = 1, ceilMode = false } = this.options;
    return `kernel_size=${show(this.kernelSize)}, stride=${show(stride ?? this.kernelSize)}, padding=${show(padding)}, dilation=${show(dilation)}, ceil_mode=${ceilMode ? "True" : "False"}`;
  }
}
