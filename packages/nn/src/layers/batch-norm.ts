import { batchNorm, ones, ShapeError, type Tensor, zeros } from "@kindling/tensor";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";

export interface BatchNormLayerOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /** Share of the new batch in the running statistics; null: their plain average. Default 0.1. */
  momentum?: number | null;
  /** Whether there are a weight and a bias. Default true. */
  affine?: boolean;
  /** Whether running statistics are kept for evaluation. Default true. */
  trackRunningStats?: boolean;
}

/** What the batch norms share: each channel is brought to mean 0 and variance 1, then scaled and shifted. */
abstract class BatchNorm extends Module {
  readonly numFeatures: number;
  readonly options: Required<BatchNormLayerOptions>;
  weight: Parameter | null;
  bias: Parameter | null;
  runningMean: Tensor | null;
  runningVar: Tensor | null;
  numBatchesTracked: Tensor | null;

  constructor(numFeatures: number, options: BatchNormLayerOptions = {}) {
    super();
    this.numFeatures = numFeatures;
    this.options = { eps: 1e-5, momentum: 0.1, affine: true, trackRunningStats: true, ...options };
    const { affine, trackRunningStats } = this.options;
    this.weight = affine ? new Parameter(ones([numFeatures])) : null;
    this.bias = affine ? new Parameter(zeros([numFeatures])) : null;
    this.runningMean = trackRunningStats ? zeros([numFeatures]) : null;
    this.runningVar = trackRunningStats ? ones([numFeatures]) : null;
    this.numBatchesTracked = trackRunningStats ? zeros([], { dtype: "int32" }) : null;
  }

  protected abstract checkInput(x: Tensor): void;

  forward(x: Tensor): Tensor {
    this.checkInput(x);
    const { eps, momentum } = this.options;
    const training = this.training || this.runningMean === null;
    if (this.training) this.numBatchesTracked?.add_(1);
    const share = momentum ?? (this.numBatchesTracked === null ? 0 : 1 / Math.max(1, this.numBatchesTracked.item()));
    return batchNorm(x, this.runningMean, this.runningVar, this.weight, this.bias, { training, momentum: share, eps });
  }

  override extraRepr(): string {
    const { eps, momentum, affine, trackRunningStats } = this.options;
    const shown = (eps < 1e-4 ? eps.toExponential() : String(eps)).replace(/e-(\d)$/, "e-0$1");
    const [isAffine, tracks] = [affine, trackRunningStats].map((value) => (value ? "True" : "False"));
    return `${this.numFeatures}, eps=${shown}, momentum=${momentum ?? "None"}, affine=${isAffine}, track_running_stats=${tracks}`;
  }
}

/** Batch normalisation. **Shapes** x: [N, C] or [N, C, L]; result: the same. See `batchNorm`. */
export class BatchNorm1d extends BatchNorm {
  static readonly keepsNoTensors = true;
  protected checkInput(x: Tensor): void {
    if (x.ndim !== 2 && x.ndim !== 3) throw new ShapeError(`BatchNorm1d: expected 2 or 3 dimensions, got ${x.ndim}`);
  }
}

/** Batch normalisation. **Shapes** x: [N, C, H, W]; result: the same. See `batchNorm`. */
export class BatchNorm2d extends BatchNorm {
  static readonly keepsNoTensors = true;
  protected checkInput(x: Tensor): void {
    if (x.ndim !== 4) throw new ShapeError(`BatchNorm2d: expected 4 dimensions, got ${x.ndim}`);
  }
}
