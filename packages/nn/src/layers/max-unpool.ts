import {
  type MaxUnpoolOptions,
  maxUnpool1d,
  maxUnpool2d,
  maxUnpool3d,
  type Pair,
  perDimension,
  type Tensor,
} from "@kindling/tensor";
import { Module } from "../module.js";
import { showSize } from "../repr.js";

/** What the unpoolings over one, two and three dimensions share. */
abstract class MaxUnpool extends Module {
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];

  constructor(dimensions: number, kernelSize: Pair, options: Omit<MaxUnpoolOptions, "outputSize">) {
    super();
    const sizes = (what: string, value: Pair, least: number): readonly number[] =>
      perDimension(new.target.name, what, value, dimensions, least);
    this.kernelSize = sizes("kernelSize", kernelSize, 1);
    this.stride = sizes("stride", options.stride ?? kernelSize, 1);
    this.padding = sizes("padding", options.padding ?? 0, 0);
  }

  protected abstract get operation(): typeof maxUnpool2d;

  /** `outputSize`: which of the sizes that pooling leaves open the result has; default: the smallest. */
  forward(x: Tensor, indices: Tensor, outputSize: readonly number[] | null = null): Tensor {
    const { kernelSize, stride, padding } = this;
    return this.operation(x, indices, kernelSize, { stride, padding, outputSize });
  }

  override extraRepr(): string {
    return `kernel_size=${showSize(this.kernelSize)}, stride=${showSize(this.stride)}, padding=${showSize(this.padding)}`;
  }
}

/**
 * The partial inverse of `MaxPool1d`: maxima go back to where they were, the rest is 0. See `maxUnpool1d`.
 *
 * **Shapes** x, indices: [N, C, L] or [C, L]; result: [N, C, L']. Options: `stride` (the kernel's size), `padding` (0).
 * @throws ShapeError for indices of another shape or out of range; UsageError for an outputSize that cannot be.
 * @example
 * const { values, indices } = new MaxPool1d(2, { returnIndices: true }).forward(randn([1, 3, 8]));
 * new MaxUnpool1d(2).forward(values, indices).shape; // → [1, 3, 8]
 */
export class MaxUnpool1d extends MaxUnpool {
  static readonly keepsNoTensors = true;

  constructor(kernelSize: Pair, options: Omit<MaxUnpoolOptions, "outputSize"> = {}) {
    super(1, kernelSize, options);
  }

  protected get operation(): typeof maxUnpool2d {
    return maxUnpool1d;
  }
}

/**
 * The partial inverse of `MaxPool2d`: maxima go back to where they were, the rest is 0. See `maxUnpool2d`.
 *
 * **Shapes** x, indices: [N, C, H, W] or [C, H, W]; result: [N, C, H', W']. Options: `stride` (the kernel's size),
 * `padding` (0).
 * @throws ShapeError for indices of another shape or out of range; UsageError for an outputSize that cannot be.
 * @example
 * const { values, indices } = new MaxPool2d(2, { returnIndices: true }).forward(randn([1, 3, 8, 8]));
 * new MaxUnpool2d(2).forward(values, indices).shape; // → [1, 3, 8, 8]
 */
export class MaxUnpool2d extends MaxUnpool {
  static readonly keepsNoTensors = true;

  constructor(kernelSize: Pair, options: Omit<MaxUnpoolOptions, "outputSize"> = {}) {
    super(2, kernelSize, options);
  }

  protected get operation(): typeof maxUnpool2d {
    return maxUnpool2d;
  }
}

/**
 * The partial inverse of `MaxPool3d`: maxima go back to where they were, the rest is 0. See `maxUnpool3d`.
 *
 * **Shapes** x, indices: [N, C, D, H, W] or [C, D, H, W]; result: [N, C, D', H', W']. Options: `stride` (the kernel's
 * size), `padding` (0).
 * @throws ShapeError for indices of another shape or out of range; UsageError for an outputSize that cannot be.
 * @example
 * const { values, indices } = new MaxPool3d(2, { returnIndices: true }).forward(randn([1, 3, 8, 8, 8]));
 * new MaxUnpool3d(2).forward(values, indices).shape; // → [1, 3, 8, 8, 8]
 */
export class MaxUnpool3d extends MaxUnpool {
  static readonly keepsNoTensors = true;

  constructor(kernelSize: Pair, options: Omit<MaxUnpoolOptions, "outputSize"> = {}) {
    super(3, kernelSize, options);
  }

  protected get operation(): typeof maxUnpool2d {
    return maxUnpool3d;
  }
}
