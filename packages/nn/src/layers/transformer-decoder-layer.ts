import type { Tensor } from "@kindling/tensor";
import { Module } from "../module.js";
import type { Dropout } from "./dropout.js";
import type { LayerNorm } from "./layer-norm.js";
import type { Linear } from "./linear.js";
import type { MultiheadAttention } from "./multihead-attention.js";
import {
  activate,
  checkActivation,
  partsOf,
  residual,
  type TransformerActivation,
  type TransformerLayerOptions,
} from "./transformer-parts.js";

/** Options of a call of a decoder or one of its layers. */
export interface TransformerDecoderInputs {
  /** Which positions of tgt each one does not see; see `MultiheadAttention`'s `attnMask`. Default none. */
  tgtMask?: Tensor | null;
  /** Which positions of memory each one of tgt does not see. Default none. */
  memoryMask?: Tensor | null;
  /** Positions of tgt that nobody sees; see `MultiheadAttention`'s `keyPaddingMask`. Default none. */
  tgtKeyPaddingMask?: Tensor | null;
  /** Positions of memory that nobody sees. Default none. */
  memoryKeyPaddingMask?: Tensor | null;
  /** Says that `tgtMask`, which must be given too, hides what comes later. Default false. */
  tgtIsCausal?: boolean;
  /** Says that `memoryMask`, which must be given too, hides what comes later. Default false. */
  memoryIsCausal?: boolean;
}

/**
 * A layer of a transformer's decoder: attention of a sequence to itself, attention to the encoder's result, then
 * `linear2(activation(linear1(x)))` at each position, all with a residual connection and a norm.
 *
 * `forward(tgt, memory, { tgtMask, memoryMask, tgtKeyPaddingMask, memoryKeyPaddingMask, tgtIsCausal, memoryIsCausal })`.
 *
 * **Shapes** tgt: [T, N, dModel]; memory: [S, N, dModel]; with `batchFirst` N first, without a batch no N; result: that of
 * tgt. Children: `selfAttn`, `multiheadAttn`, `linear1`, `dropout`, `linear2`, `norm1` … `norm3`, `dropout1` … `dropout3`.
 * Options: as `TransformerEncoderLayer`. Source: Vaswani et al. 2017.
 * @throws UsageError unless nhead divides dModel, or for a bad option; ShapeError if inputs or masks do not fit.
 * @example new TransformerDecoderLayer(16, 4).forward(randn([3, 2, 16]), randn([5, 2, 16])).shape; // → [3, 2, 16]
 */
export class TransformerDecoderLayer extends Module {
  readonly normFirst: boolean;
  selfAttn: MultiheadAttention;
  multiheadAttn: MultiheadAttention;
  linear1: Linear;
  dropout: Dropout;
  linear2: Linear;
  norm1: LayerNorm;
  norm2: LayerNorm;
  norm3: LayerNorm;
  dropout1: Dropout;
  dropout2: Dropout;
  dropout3: Dropout;
  activation: TransformerActivation;

  constructor(dModel: number, nhead: number, options: TransformerLayerOptions = {}) {
    super();
    this.normFirst = options.normFirst ?? false;
    const parts = partsOf(dModel, nhead, options);
    this.selfAttn = parts.attention();
    this.multiheadAttn = parts.attention();
    this.linear1 = parts.widen();
    this.dropout = parts.dropout();
    this.linear2 = parts.narrow();
    this.norm1 = parts.norm();
    this.norm2 = parts.norm();
    this.norm3 = parts.norm();
    this.dropout1 = parts.dropout();
    this.dropout2 = parts.dropout();
    this.dropout3 = parts.dropout();
    this.activation = options.activation ?? "relu";
    checkActivation("TransformerDecoderLayer", this.activation);
  }

  forward(tgt: Tensor, memory: Tensor, options: TransformerDecoderInputs = {}): Tensor {
    const { tgtMask = null, memoryMask = null, tgtKeyPaddingMask = null, memoryKeyPaddingMask = null } = options;
    const own = {
      attnMask: tgtMask,
      keyPaddingMask: tgtKeyPaddingMask,
      isCausal: options.tgtIsCausal ?? false,
      needWeights: false,
    };
    const others = {
      attnMask: memoryMask,
      keyPaddingMask: memoryKeyPaddingMask,
      isCausal: options.memoryIsCausal ?? false,
      needWeights: false,
    };
    const { normFirst } = this;
    const attended = residual(tgt, this.norm1, normFirst, (x) =>
      this.dropout1.forward(this.selfAttn.forward(x, x, x, own)[0]),
    );
    const informed = residual(attended, this.norm2, normFirst, (x) =>
      this.dropout2.forward(this.multiheadAttn.forward(x, memory, memory, others)[0]),
    );
    return residual(informed, this.norm3, normFirst, (x) => {
      const hidden = activate(this.activation, this.linear1.forward(x));
      return this.dropout3.forward(this.linear2.forward(this.dropout.forward(hidden)));
    });
  }
}
