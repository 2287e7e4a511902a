import { collectStorages, type Tensor } from "@kindling/tensor";
import { Module } from "../module.js";
import { Dropout } from "./dropout.js";
import { LayerNorm } from "./layer-norm.js";
import { Linear } from "./linear.js";
import { MultiheadAttention } from "./multihead-attention.js";
import {
  activate,
  checkActivation,
  partsOf,
  residual,
  type TransformerActivation,
  type TransformerLayerOptions,
} from "./transformer-parts.js";

/** Options of a call of {@link TransformerEncoderLayer}. */
export interface TransformerEncoderLayerInputs {
  /** Which positions each one does not see; see `MultiheadAttention`'s `attnMask`. Default none. */
  srcMask?: Tensor | null;
  /** Positions that nobody sees; see `MultiheadAttention`'s `keyPaddingMask`. Default none. */
  srcKeyPaddingMask?: Tensor | null;
  /** Says that `srcMask`, which must be given too, hides what comes later. Default false. */
  isCausal?: boolean;
}

/** The class of attention's own projection out is no public one. */
function isBuiltInProjection(projection: Module): boolean {
  return (
    projection instanceof Linear && Object.hasOwn(projection.constructor, "keepsNoTensors") && !projection.isWatched
  );
}

/**
 * A layer of a transformer's encoder: attention of a sequence to itself, then `linear2(activation(linear1(x)))` at each
 * position, both with a residual connection and a norm.
 *
 * `forward(src, { srcMask, srcKeyPaddingMask, isCausal })`.
 *
 * **Shapes** src: [S, N, dModel], with `batchFirst` [N, S, dModel], without a batch [S, dModel]; result: the same.
 * Children: `selfAttn`, `linear1`, `dropout`, `linear2`, `norm1`, `norm2`, `dropout1`, `dropout2`.
 * Options: `dimFeedforward` (2048), `dropout` (0.1), `activation` ("relu"), `layerNormEps` (1e-5), `batchFirst` (false),
 * `normFirst` (false), `bias` (true). Source: Vaswani et al. 2017; norms first: Xiong et al. 2020.
 * @throws UsageError unless nhead divides dModel, or for a bad option; ShapeError if the input or a mask does not fit.
 * @example
 * new TransformerEncoderLayer(16, 4, { dimFeedforward: 32 }).forward(randn([5, 2, 16])).shape; // → [5, 2, 16]
 */
export class TransformerEncoderLayer extends Module {
  readonly normFirst: boolean;
  selfAttn: MultiheadAttention;
  linear1: Linear;
  dropout: Dropout;
  linear2: Linear;
  norm1: LayerNorm;
  norm2: LayerNorm;
  dropout1: Dropout;
  dropout2: Dropout;
  activation: TransformerActivation;

  constructor(dModel: number, nhead: number, options: TransformerLayerOptions = {}) {
    super();
    this.normFirst = options.normFirst ?? false;
    const parts = partsOf(dModel, nhead, options);
    this.selfAttn = parts.attention();
    this.linear1 = parts.widen();
    this.dropout = parts.dropout();
    this.linear2 = parts.narrow();
    this.norm1 = parts.norm();
    this.norm2 = parts.norm();
    this.dropout1 = parts.dropout();
    this.dropout2 = parts.dropout();
    this.activation = options.activation ?? "relu";
    checkActivation("TransformerEncoderLayer", this.activation);
  }

  forward(src: Tensor, options: TransformerEncoderLayerInputs = {}): Tensor {
    if (!this.isBuiltIn()) return this.encode(src, options);
    const { result, storages } = collectStorages(() => this.encode(src, options));
    for (const storage of storages) if (storage !== result.storage) storage.disown();
    return result;
  }

  /** Whether no user code sees a tensor between the parts: their memory is reused once the graph does not need it. */
  private isBuiltIn(): boolean {
    const { selfAttn, linear1, linear2, norm1, norm2, dropout, dropout1, dropout2, activation } = this;
    const plain: readonly (readonly [Module, unknown])[] = [
      [this, TransformerEncoderLayer],
      [selfAttn, MultiheadAttention],
      [linear1, Linear],
      [linear2, Linear],
      [norm1, LayerNorm],
      [norm2, LayerNorm],
      [dropout, Dropout],
      [dropout1, Dropout],
      [dropout2, Dropout],
    ];
    return (
      typeof activation === "string" &&
      isBuiltInProjection(selfAttn.outProj) &&
      plain.every(([part, kind]) => part.constructor === kind && !part.isWatched)
    );
  }

  private encode(src: Tensor, options: TransformerEncoderLayerInputs): Tensor {
    const { srcMask = null, srcKeyPaddingMask = null, isCausal = false } = options;
    const masks = { attnMask: srcMask, keyPaddingMask: srcKeyPaddingMask, isCausal, needWeights: false };
    const attended = residual(src, this.norm1, this.normFirst, (x) =>
      this.dropout1.forward(this.selfAttn.forward(x, x, x, masks)[0]),
    );
    return residual(attended, this.norm2, this.normFirst, (x) => {
      const hidden = activate(this.activation, this.linear1.forward(x));
      return this.dropout2.forward(this.linear2.forward(this.dropout.forward(hidden)));
    });
  }
}
