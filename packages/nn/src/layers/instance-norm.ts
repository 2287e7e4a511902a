import { instanceNorm, type Tensor } from "@kindling/tensor";
import { RunningNorm, type RunningNormOptions } from "./running-norm.js";

/** What the instance norms share: each channel of each sample is brought to mean 0 and variance 1. */
abstract class InstanceNorm extends RunningNorm {
  constructor(numFeatures: number, options: RunningNormOptions = {}) {
    super(numFeatures, options, false);
  }

  forward(x: Tensor): Tensor {
    this.checkInput(x);
    const [, , batched] = this.shapes;
    if (x.ndim !== batched) return this.normalize(x.unsqueeze(0)).squeeze(0);
    return this.normalize(x);
  }

  private normalize(x: Tensor): Tensor {
    const { eps, runningMean, runningVar, weight, bias } = this;
    const options = { useInputStats: this.training || !this.trackRunningStats, momentum: this.momentum ?? 0, eps };
    return instanceNorm(x, runningMean, runningVar, weight, bias, options);
  }
}

/**
 * Instance normalisation: brings every channel of every sample to mean 0 and variance 1, then scales it by `weight`
 * (ones at first) and adds `bias` (zeros), if `affine`. With `trackRunningStats`, evaluation takes running statistics
 * in place of the sample's own. See `instanceNorm` for the formula.
 *
 * **Shapes** x: [N, C, L] or [C, L]; result: the same. Parameters: `weight`, `bias` [C]; buffers: `runningMean`,
 * `runningVar` [C], `numBatchesTracked` []. Options: `eps` (1e-5), `momentum` (0.1), `affine` (false),
 * `trackRunningStats` (false). Source: Ulyanov et al. 2016.
 * @throws ShapeError if the input does not fit, or has one value per channel in training.
 * @example new InstanceNorm1d(1).forward(tensor([[[1, 3]]], { dtype: "float32" })); // → [[[-1.0000, 1.0000]]]
 */
export class InstanceNorm1d extends InstanceNorm {
  static readonly keepsNoTensors = true;

  protected get shapes(): readonly [string, ...number[]] {
    return ["[N, C, L] or [C, L]", 2, 3];
  }
}

/**
 * Instance normalisation of images; see `InstanceNorm1d`.
 *
 * **Shapes** x: [N, C, H, W] or [C, H, W]; result: the same. Parameters, buffers and options: as `InstanceNorm1d`.
 * @throws ShapeError if the input does not fit, or has one value per channel in training.
 * @example new InstanceNorm2d(3).forward(randn([8, 3, 4, 4])).shape; // → [8, 3, 4, 4]
 */
export class InstanceNorm2d extends InstanceNorm {
  static readonly keepsNoTensors = true;

  protected get shapes(): readonly [string, ...number[]] {
    return ["[N, C, H, W] or [C, H, W]", 3, 4];
  }
}

/**
 * Instance normalisation of volumes; see `InstanceNorm1d`.
 *
 * **Shapes** x: [N, C, D, H, W] or [C, D, H, W]; result: the same. Parameters, buffers and options: as `InstanceNorm1d`.
 * @throws ShapeError if the input does not fit, or has one value per channel in training.
 * @example new InstanceNorm3d(3).forward(randn([8, 3, 4, 4, 4])).shape; // → [8, 3, 4, 4, 4]
 */
export class InstanceNorm3d extends InstanceNorm {
  static readonly keepsNoTensors = true;

  protected get shapes(): readonly [string, ...number[]] {
    return ["[N, C, D, H, W] or [C, D, H, W]", 4, 5];
  }
}
