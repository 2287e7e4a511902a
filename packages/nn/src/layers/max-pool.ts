import {
  type MaxPoolOptions,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  type Pair,
  type PooledAndIndices,
  type Tensor,
} from "@kindling/tensor";
import { Module } from "../module.js";
import { showBool, showSize } from "../repr.js";

/** Options of the max pooling layers. */
export interface MaxPoolLayerOptions<WithIndices extends boolean> extends MaxPoolOptions {
  /** Whether the result is `{ values, indices }`, with where in its plane each maximum was. Default false. */
  returnIndices?: WithIndices;
}

/** What the max pools over one, two and three dimensions share. */
abstract class MaxPool<WithIndices extends boolean> extends Module {
  readonly kernelSize: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
  readonly returnIndices: boolean;
  readonly ceilMode: boolean;

  constructor(kernelSize: Pair, options: MaxPoolLayerOptions<WithIndices> = {}) {
    super();
    this.kernelSize = kernelSize;
    this.stride = options.stride ?? kernelSize;
    this.padding = options.padding ?? 0;
    this.dilation = options.dilation ?? 1;
    this.returnIndices = options.returnIndices ?? false;
    this.ceilMode = options.ceilMode ?? false;
  }

  protected abstract get operation(): typeof maxPool2d;

  /** True with indices too: their memory is not that of the one tensor which containers know about. */
  override get isWatched(): boolean {
    return this.returnIndices || super.isWatched;
  }

  forward(x: Tensor): WithIndices extends true ? PooledAndIndices : Tensor;
  forward(x: Tensor): PooledAndIndices | Tensor {
    const { kernelSize, stride, padding, dilation, returnIndices, ceilMode } = this;
    const options = { stride, padding, dilation, ceilMode };
    return returnIndices
      ? this.operation(x, kernelSize, { ...options, returnIndices: true })
      : this.operation(x, kernelSize, options);
  }

  override extraRepr(): string {
    const { kernelSize, stride, padding, dilation, ceilMode } = this;
    return `kernel_size=${showSize(kernelSize)}, stride=${showSize(stride)}, padding=${showSize(padding)}, dilation=${showSize(dilation)}, ceil_mode=${showBool(ceilMode)}`;
  }
}

/**
 * Largest element of every window over one dimension; NaN wins. See `maxPool1d`.
 *
 * **Shapes** x: [N, C, L] or [C, L]; result: [N, C, L'] with
 * `L' = ⌊(L + 2·padding − dilation·(K − 1) − 1) / stride⌋ + 1` (⌈…⌉ with `ceilMode`). Options: as `MaxPool2d`.
 * @throws ShapeError if the input is too small; UsageError for a bad option.
 * @example new MaxPool1d(2).forward(randn([1, 3, 32])).shape; // → [1, 3, 16]
 */
export class MaxPool1d<WithIndices extends boolean = false> extends MaxPool<WithIndices> {
  static readonly keepsNoTensors = true;

  protected get operation(): typeof maxPool2d {
    return maxPool1d;
  }
}

/**
 * Largest element of every window over two dimensions; NaN wins. See `maxPool2d`.
 *
 * **Shapes** x: [N, C, H, W] or [C, H, W]; result: [N, C, H', W'] with
 * `H' = ⌊(H + 2·padding − dilation·(KH − 1) − 1) / stride⌋ + 1` (⌈…⌉ with `ceilMode`). Options: `stride` (the kernel's
 * size), `padding` (0), `dilation` (1), `returnIndices` (false), `ceilMode` (false).
 * @throws ShapeError if the input is too small; UsageError for a bad option.
 * @example new MaxPool2d(2).forward(randn([1, 3, 32, 32])).shape; // → [1, 3, 16, 16]
 */
export class MaxPool2d<WithIndices extends boolean = false> extends MaxPool<WithIndices> {
  static readonly keepsNoTensors = true;

  protected get operation(): typeof maxPool2d {
    return maxPool2d;
  }
}

/**
 * Largest element of every window over three dimensions; NaN wins. See `maxPool3d`.
 *
 * **Shapes** x: [N, C, D, H, W] or [C, D, H, W]; result: [N, C, D', H', W'] with
 * `D' = ⌊(D + 2·padding − dilation·(KD − 1) − 1) / stride⌋ + 1` (⌈…⌉ with `ceilMode`). Options: as `MaxPool2d`.
 * @throws ShapeError if the input is too small; UsageError for a bad option.
 * @example new MaxPool3d(2).forward(randn([1, 3, 8, 8, 8])).shape; // → [1, 3, 4, 4, 4]
 */
export class MaxPool3d<WithIndices extends boolean = false> extends MaxPool<WithIndices> {
  static readonly keepsNoTensors = true;

  protected get operation(): typeof maxPool2d {
    return maxPool3d;
  }
}
