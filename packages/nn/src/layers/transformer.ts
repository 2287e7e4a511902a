import { formatShape, full, ShapeError, type Tensor } from "@kindling/tensor";
import { xavierUniform_ } from "../init.js";
import { Module } from "../module.js";
import { LayerNorm } from "./layer-norm.js";
import { TransformerDecoder } from "./transformer-decoder.js";
import { type TransformerDecoderInputs, TransformerDecoderLayer } from "./transformer-decoder-layer.js";
import { TransformerEncoder, type TransformerEncoderInputs } from "./transformer-encoder.js";
import { TransformerEncoderLayer } from "./transformer-encoder-layer.js";
import type { TransformerLayerOptions } from "./transformer-parts.js";

/** From a sequence to what the decoder attends to: `TransformerEncoder`, or one's own. */
export interface Encoder extends Module {
  forward(src: Tensor, options?: TransformerEncoderInputs): Tensor;
}

/** From a sequence and the encoder's result to the output: `TransformerDecoder`, or one's own. */
export interface Decoder extends Module {
  forward(tgt: Tensor, memory: Tensor, options?: TransformerDecoderInputs): Tensor;
}

/** Options of {@link Transformer}. */
export interface TransformerOptions extends TransformerLayerOptions {
  /** Default 6. */
  numEncoderLayers?: number;
  /** Default 6. */
  numDecoderLayers?: number;
  /** An encoder of one's own. Default none. */
  customEncoder?: Encoder | null;
  /** A decoder of one's own. Default none. */
  customDecoder?: Decoder | null;
}

/** Options of a call of {@link Transformer}. */
export interface TransformerInputs extends TransformerDecoderInputs {
  /** Which positions of src each one does not see; see `MultiheadAttention`'s `attnMask`. Default none. */
  srcMask?: Tensor | null;
  /** Positions of src that nobody sees; see `MultiheadAttention`'s `keyPaddingMask`. Default none. */
  srcKeyPaddingMask?: Tensor | null;
  /** Says that `srcMask`, which must be given too, hides what comes later. Default false. */
  srcIsCausal?: boolean;
}

/**
 * A whole transformer: a stack of encoder layers on src, then a stack of decoder layers on tgt that attends to its
 * result, each with a last norm. Matrices begin by Xavier's uniform rule.
 *
 * `forward(src, tgt, { srcMask, tgtMask, memoryMask, srcKeyPaddingMask, tgtKeyPaddingMask, memoryKeyPaddingMask, … })`.
 *
 * **Shapes** src: [S, N, dModel]; tgt: [T, N, dModel]; with `batchFirst` N first, without a batch no N; result: that of tgt.
 * Arguments: `dModel` (512), `nhead` (8). Options: `numEncoderLayers` (6), `numDecoderLayers` (6), `customEncoder`,
 * `customDecoder` (none), and those of `TransformerEncoderLayer`. Source: Vaswani et al. 2017.
 * @throws ShapeError if inputs or masks do not fit; UsageError unless nhead divides dModel, or for a bad option.
 * @example
 * const transformer = new Transformer(16, 4, { numEncoderLayers: 1, numDecoderLayers: 1 });
 * const tgtMask = Transformer.generateSquareSubsequentMask(3);
 * transformer.forward(randn([5, 2, 16]), randn([3, 2, 16]), { tgtMask }).shape; // → [3, 2, 16]
 */
export class Transformer extends Module {
  readonly dModel: number;
  readonly nhead: number;
  readonly batchFirst: boolean;
  encoder: Encoder;
  decoder: Decoder;

  constructor(dModel = 512, nhead = 8, options: TransformerOptions = {}) {
    super();
    const { numEncoderLayers = 6, numDecoderLayers = 6, customEncoder = null, customDecoder = null } = options;
    const { layerNormEps = 1e-5, bias = true } = options;
    this.dModel = dModel;
    this.nhead = nhead;
    this.batchFirst = options.batchFirst ?? false;
    const lastNorm = (): { norm: LayerNorm } => ({ norm: new LayerNorm(dModel, { eps: layerNormEps, bias }) });
    this.encoder =
      customEncoder ??
      new TransformerEncoder(new TransformerEncoderLayer(dModel, nhead, options), numEncoderLayers, lastNorm());
    this.decoder =
      customDecoder ??
      new TransformerDecoder(new TransformerDecoderLayer(dModel, nhead, options), numDecoderLayers, lastNorm());
    this.resetParameters();
  }

  /** Draws all matrices anew. */
  resetParameters(): void {
    for (const parameter of this.parameters()) if (parameter.ndim > 1) xavierUniform_(parameter);
  }

  /**
   * What hides from each position the ones after it: −∞ above the diagonal, 0 elsewhere.
   *
   * @example Transformer.generateSquareSubsequentMask(2).toArray(); // [[0, -Infinity], [0, 0]]
   */
  static generateSquareSubsequentMask(size: number): Tensor {
    return full([size, size], Number.NEGATIVE_INFINITY).triu(1);
  }

  forward(src: Tensor, tgt: Tensor, options: TransformerInputs = {}): Tensor {
    const batchDim = this.batchFirst ? 0 : 1;
    const isSameBatch = src.ndim !== 3 || src.shape[batchDim] === tgt.shape[batchDim];
    if (src.ndim !== tgt.ndim || !isSameBatch || src.shape.at(-1) !== this.dModel || tgt.shape.at(-1) !== this.dModel) {
      throw new ShapeError(
        `Transformer: expected src and tgt of one batch and ${this.dModel} features (dModel), got ${formatShape(src.shape)} and ${formatShape(tgt.shape)}`,
      );
    }
    const { srcMask: mask = null, srcKeyPaddingMask = null, srcIsCausal: isCausal = false, ...rest } = options;
    const memory = this.encoder.forward(src, { mask, srcKeyPaddingMask, isCausal });
    return this.decoder.forward(tgt, memory, rest);
  }
}
