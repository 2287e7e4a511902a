import { formatShape, ones, ShapeError, type Tensor, zeros } from "@kindling/tensor";
import { ones_, zeros_ } from "../init.js";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";
import { showBool, showFloat } from "../repr.js";

/** Options of the batch and instance norms. */
export interface RunningNormOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /** Share of the new statistics in the running ones; null: their plain average. Default 0.1. */
  momentum?: number | null;
  /** Whether there are a weight and a bias. Default: for batch norms true, for instance norms false. */
  affine?: boolean;
  /** Whether running statistics are kept for evaluation. Default: for batch norms true, for instance norms false. */
  trackRunningStats?: boolean;
}

/** What batch and instance norms share: a weight and a bias per channel, and statistics that run along. */
export abstract class RunningNorm extends Module {
  readonly numFeatures: number;
  readonly eps: number;
  momentum: number | null;
  readonly affine: boolean;
  readonly trackRunningStats: boolean;
  weight: Parameter | null;
  bias: Parameter | null;
  runningMean: Tensor | null;
  runningVar: Tensor | null;
  numBatchesTracked: Tensor | null;

  constructor(numFeatures: number, options: RunningNormOptions, isOnByDefault: boolean) {
    super();
    const { eps = 1e-5, momentum = 0.1, affine = isOnByDefault, trackRunningStats = isOnByDefault } = options;
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
  protected abstract get shapes(): readonly [description: string, ...dimensions: number[]];

  protected checkInput(x: Tensor): void {
    const [description, ...dimensions] = this.shapes;
    if (!dimensions.includes(x.ndim)) {
      throw new ShapeError(`${this.constructor.name}: expected an input ${description}, got ${formatShape(x.shape)}`);
    }
  }

  override extraRepr(): string {
    const momentum = this.momentum === null ? "None" : showFloat(this.momentum);
    return `${this.numFeatures}, eps=${showFloat(this.eps)}, momentum=${momentum}, affine=${showBool(this.affine)}, track_running_stats=${showBool(this.trackRunningStats)}`;
  }
}
