import {
  fractionalMaxPool2d,
  fractionalMaxPool3d,
  type Pair,
  type PooledAndIndices,
  perDimension,
  type Tensor,
  UsageError,
} from "@kindling/tensor";
import { IndexedPool } from "./indexed-pool.js";

/** Options of `FractionalMaxPool2d` and `FractionalMaxPool3d`. */
export interface FractionalMaxPoolLayerOptions<WithIndices extends boolean> {
  /** Sizes of the result. Either this or `outputRatio` is needed. */
  outputSize?: Pair | null;
  /** Sizes of the result as shares of the input's, between 0 and 1. */
  outputRatio?: Pair | null;
  /** Whether the result is `{ values, indices }`, with where in its plane each maximum was. Default false. */
  returnIndices?: WithIndices;
}

/** What the fractional max pools over two and three dimensions share. */
abstract class FractionalMaxPool<WithIndices extends boolean> extends IndexedPool<WithIndices> {
  readonly kernelSize: readonly number[];
  readonly outputSize: readonly number[] | null;
  readonly outputRatio: Pair | null;

  constructor(dimensions: number, kernelSize: Pair, options: FractionalMaxPoolLayerOptions<WithIndices>) {
    super(options);
    const { name } = new.target;
    const { outputSize = null, outputRatio = null } = options;
    if ((outputSize === null) === (outputRatio === null)) {
      throw new UsageError(`${name}: give either outputSize or outputRatio`);
    }
    if (outputRatio !== null && ![outputRatio].flat().every((ratio) => ratio > 0 && ratio < 1)) {
      throw new UsageError(`${name}: outputRatio must be between 0 and 1, got ${JSON.stringify(outputRatio)}`);
    }
    this.kernelSize = perDimension(name, "kernelSize", kernelSize, dimensions, 1);
    this.outputSize = outputSize === null ? null : perDimension(name, "outputSize", outputSize, dimensions, 1);
    this.outputRatio = outputRatio;
  }
}

/**
 * Maxima over windows at random distances, so that the result has any size. See `fractionalMaxPool2d`.
 *
 * **Shapes** x: [N, C, H, W] or [C, H, W]; result: [N, C, H', W']. Options: `outputSize` or `outputRatio`, one of which
 * is needed; `returnIndices` (false). Source: Graham 2014.
 * @throws UsageError for a bad option; ShapeError if the windows do not fit.
 * @example new FractionalMaxPool2d(2, { outputRatio: 0.7 }).forward(ones([1, 3, 10, 20])).shape; // → [1, 3, 7, 14]
 */
export class FractionalMaxPool2d<WithIndices extends boolean = false> extends FractionalMaxPool<WithIndices> {
  static readonly keepsNoTensors = true;

  constructor(kernelSize: Pair, options: FractionalMaxPoolLayerOptions<WithIndices>) {
    super(2, kernelSize, options);
  }

  protected pool(x: Tensor): PooledAndIndices {
    const { kernelSize, outputSize, outputRatio } = this;
    return fractionalMaxPool2d(x, kernelSize, { outputSize, outputRatio, returnIndices: true });
  }
}

/**
 * Maxima over windows at random distances, so that the result has any size. See `fractionalMaxPool3d`.
 *
 * **Shapes** x: [N, C, D, H, W] or [C, D, H, W]; result: [N, C, D', H', W']. Options: `outputSize` or `outputRatio`, one
 * of which is needed; `returnIndices` (false). Source: Graham 2014.
 * @throws UsageError for a bad option; ShapeError if the windows do not fit.
 * @example new FractionalMaxPool3d(2, { outputSize: [2, 3, 3] }).forward(ones([1, 8, 8, 8])).shape; // → [1, 2, 3, 3]
 */
export class FractionalMaxPool3d<WithIndices extends boolean = false> extends FractionalMaxPool<WithIndices> {
  static readonly keepsNoTensors = true;

  constructor(kernelSize: Pair, options: FractionalMaxPoolLayerOptions<WithIndices>) {
    super(3, kernelSize, options);
  }

  protected pool(x: Tensor): PooledAndIndices {
    const { kernelSize, outputSize, outputRatio } = this;
    return fractionalMaxPool3d(x, kernelSize, { outputSize, outputRatio, returnIndices: true });
  }
}
