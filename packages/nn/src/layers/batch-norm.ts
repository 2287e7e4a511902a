import { batchNorm, type Tensor } from "@kindling/tensor";
import { RunningNorm, type RunningNormOptions } from "./running-norm.js";

/** What the batch norms share: each channel is brought to mean 0 and variance 1, then scaled and shifted. */
abstract class BatchNorm extends RunningNorm {
  constructor(numFeatures: number, options: RunningNormOptions = {}) {
    super(numFeatures, options, true);
  }

  forward(x: Tensor): Tensor {
    this.checkInput(x);
    const { eps, runningMean, runningVar, weight, bias, numBatchesTracked } = this;
    if (this.training) numBatchesTracked?.add_(1);
    const momentum = this.momentum ?? 1 / Math.max(1, numBatchesTracked?.item() ?? 1);
    const training = this.training || runningMean === null;
    return batchNorm(x, runningMean, runningVar, weight, bias, { training, momentum, eps });
  }
}

/**
 * Batch normalisation: brings every channel to mean 0 and variance 1, then scales it by `weight` (ones at first) and
 * adds `bias` (zeros). In training by the batch's own statistics, which also move the running ones; in evaluation by
 * the running ones. See `batchNorm` for the formula.
 *
 * **Shapes** x: [N, C] or [N, C, L]; result: the same. Parameters: `weight`, `bias` [C]; buffers: `runningMean`,
 * `runningVar` [C], `numBatchesTracked` []. Options: `eps` (1e-5), `momentum` (0.1), `affine` (true),
 * `trackRunningStats` (true). Source: Ioffe & Szegedy 2015.
 * @throws ShapeError if the input does not fit, or has one value per channel in training.
 * @example new BatchNorm1d(1).forward(tensor([[1], [3]], { dtype: "float32" })); // → [[-1.0000], [1.0000]]
 */
export class BatchNorm1d extends BatchNorm {
  static readonly keepsNoTensors = true;

  protected get shapes(): readonly [string, ...number[]] {
    return ["[N, C] or [N, C, L]", 2, 3];
  }
}

/**
 * Batch normalisation of images; see `BatchNorm1d`.
 *
 * **Shapes** x: [N, C, H, W]; result: the same. Parameters, buffers and options: as `BatchNorm1d`.
 * @throws ShapeError if the input does not fit, or has one value per channel in training.
 * @example
 * const layer = new BatchNorm2d(1);
 * layer.forward(full([2, 1, 2, 2], 5, { dtype: "float32" }));
 * layer.runningMean; // → [0.5]
 */
export class BatchNorm2d extends BatchNorm {
  static readonly keepsNoTensors = true;

  protected get shapes(): readonly [string, ...number[]] {
    return ["[N, C, H, W]", 4];
  }
}

/**
 * Batch normalisation of volumes; see `BatchNorm1d`.
 *
 * **Shapes** x: [N, C, D, H, W]; result: the same. Parameters, buffers and options: as `BatchNorm1d`.
 * @throws ShapeError if the input does not fit, or has one value per channel in training.
 * @example new BatchNorm3d(32).forward(randn([8, 32, 4, 4, 4])).shape; // → [8, 32, 4, 4, 4]
 */
export class BatchNorm3d extends BatchNorm {
  static readonly keepsNoTensors = true;

  protected get shapes(): readonly [string, ...number[]] {
    return ["[N, C, D, H, W]", 5];
  }
}
