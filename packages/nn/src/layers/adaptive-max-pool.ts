import {
  type AdaptiveSize,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
  type PooledAndIndices,
  type Tensor,
} from "@kindling/tensor";
import { showSize } from "../repr.js";
import { IndexedPool } from "./indexed-pool.js";

/** Options of the adaptive max pooling layers. */
export interface AdaptiveMaxPoolOptions<WithIndices extends boolean> {
  /** Whether the result is `{ values, indices }`, with where in its plane each maximum was. Default false. */
  returnIndices?: WithIndices;
}

/** What the adaptive max pools over one, two and three dimensions share. */
abstract class AdaptiveMaxPool<
  Size extends AdaptiveSize,
  WithIndices extends boolean,
> extends IndexedPool<WithIndices> {
  readonly outputSize: Size;

  constructor(outputSize: Size, options: AdaptiveMaxPoolOptions<WithIndices> = {}) {
    super(options);
    this.outputSize = outputSize;
  }

  override extraRepr(): string {
    return `output_size=${showSize(this.outputSize)}`;
  }
}

/**
 * Maxima over windows chosen so that the result has length `outputSize`. See `adaptiveMaxPool1d`.
 *
 * **Shapes** x: [N, C, L] or [C, L]; result: [N, C, L']. Options: `returnIndices` (false).
 * @throws ShapeError for other numbers of dimensions; UsageError for a bad size.
 * @example new AdaptiveMaxPool1d(5).forward(randn([8, 64, 8])).shape; // → [8, 64, 5]
 */
export class AdaptiveMaxPool1d<WithIndices extends boolean = false> extends AdaptiveMaxPool<
  number | readonly number[],
  WithIndices
> {
  static readonly keepsNoTensors = true;

  protected pool(x: Tensor): PooledAndIndices {
    return adaptiveMaxPool1d(x, this.outputSize, { returnIndices: true });
  }
}

/**
 * Maxima over windows chosen so that the result has `outputSize`: a number, or height and width, where null keeps the
 * input's. See `adaptiveMaxPool2d`.
 *
 * **Shapes** x: [N, C, H, W] or [C, H, W]; result: [N, C, H', W']. Options: `returnIndices` (false).
 * @throws ShapeError for other numbers of dimensions; UsageError for a bad size.
 * @example new AdaptiveMaxPool2d([5, null]).forward(randn([8, 64, 7, 9])).shape; // → [8, 64, 5, 9]
 */
export class AdaptiveMaxPool2d<WithIndices extends boolean = false> extends AdaptiveMaxPool<AdaptiveSize, WithIndices> {
  static readonly keepsNoTensors = true;

  protected pool(x: Tensor): PooledAndIndices {
    return adaptiveMaxPool2d(x, this.outputSize, { returnIndices: true });
  }
}

/**
 * Maxima over windows of volumes chosen so that the result has `outputSize`: a number, or depth, height and width, where
 * null keeps the input's. See `adaptiveMaxPool3d`.
 *
 * **Shapes** x: [N, C, D, H, W] or [C, D, H, W]; result: [N, C, D', H', W']. Options: `returnIndices` (false).
 * @throws ShapeError for other numbers of dimensions; UsageError for a bad size.
 * @example new AdaptiveMaxPool3d(2).forward(randn([1, 64, 8, 9, 10])).shape; // → [1, 64, 2, 2, 2]
 */
export class AdaptiveMaxPool3d<WithIndices extends boolean = false> extends AdaptiveMaxPool<AdaptiveSize, WithIndices> {
  static readonly keepsNoTensors = true;

  protected pool(x: Tensor): PooledAndIndices {
    return adaptiveMaxPool3d(x, this.outputSize, { returnIndices: true });
  }
}
