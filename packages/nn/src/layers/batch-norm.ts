import { batchNorm, formatShape, ones, ShapeError, type Tensor, zeros } from "@kindling/tensor";
import { ones_, zeros_ } from "../init.js";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";
import { showBool, showFloat } from "../repr.js";

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
  readonly eps: number;
  readonly momentum: number | null;
  readonly affine: boolean;
  readonly trackRunningStats: boolean;
  weight: Parameter | null;
  bias: Parameter | null;
  runningMean: Tensor | null;
  runningVar: Tensor | null;
  numBatchesTracked: Tensor | null;

  constructor(numFeatures: number, options: BatchNormLayerOptions = {}) {
    super();
    const { eps = 1e-5, momentum = 0.1, affine = true, trackRunningStats = true } = options;
    this.numFeatures = numFeatures;
    this.eps = eps;
    this.momentum = momentum;
    this.affine = affine;
    this.trackRunningStats = trackRunningStats;
    this.weight = affine ? new Parameter(ones([numFeatures])) : null;
    this.bias = affine ? new Parameter(zeros([numFeatures])) : null;
    this.runningMean = trackRunningStats ? zeros([numFeatures]) : null;
    this.runningVar = trackRunningStats ? ones([numFeatures]) : null;
    this.numBatchesTracked = trackRunningStats ? zeros([], { dtype: "int32" }) : null;
  }

  /** Sets the running mean to 0, the running variance to 1, and forgets how many batches there were. */
  resetRunningStats(): void {
    if (this.runningMean !== null) zeros_(this.runningMean);
    if (this.runningVar !== null) ones_(this.runningVar);
    if (this.numBatchesTracked !== null) zeros_(this.numBatchesTracked);
  }

  /** Sets the weight to ones and the bias to zeros, and resets the running statistics. */
  resetParameters(): void {
    this.resetRunningStats();
    if (this.weight !== null) ones_(this.weight);
    if (this.bias !== null) zeros_(this.bias);
  }

  /** The shapes that the layer takes, and how many dimensions they have. */
  protected abstract readonly shapes: readonly [description: string, ...dimensions: number[]];

  forward(x: Tensor): Tensor {
    const [description, ...dimensions] = this.shapes;
    if (!dimensions.includes(x.ndim)) {
      throw new ShapeError(`${this.constructor.name}: expected an input ${description}, got ${formatShape(x.shape)}`);
    }
    const { eps, runningMean, runningVar, weight, bias, numBatchesTracked } = this;
    if (this.training) numBatchesTracked?.add_(1);
    const momentum = this.momentum ?? 1 / Math.max(1, numBatchesTracked?.item() ?? 1);
    const training = this.training || runningMean === null;
    return batchNorm(x, runningMean, runningVar, weight, bias, { training, momentum, eps });
  }

  override extraRepr(): string {
    const momentum = this.momentum === null ? "None" : showFloat(this.momentum);
    return `${this.numFeatures}, eps=${showFloat(this.eps)}, momentum=${momentum}, affine=${showBool(this.affine)}, track_running_stats=${showBool(this.trackRunningStats)}`;
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
 * @example new BatchNorm1d(10).forward(randn([8, 10]));
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
 * @example new BatchNorm2d(32).forward(randn([8, 32, 4, 4]));
 */
export class BatchNorm2d extends BatchNorm {
  static readonly keepsNoTensors = true;

  protected get shapes(): readonly [string, ...number[]] {
    return ["[N, C, H, W]", 4];
  }
}
