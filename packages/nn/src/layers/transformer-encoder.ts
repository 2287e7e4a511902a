import type { Tensor } from "@kindling/tensor";
import { Module } from "../module.js";
import { ModuleList } from "./module-list.js";
import type { Layer } from "./sequential.js";
import type { TransformerEncoderLayerInputs } from "./transformer-encoder-layer.js";

/** What an encoder is made of: `TransformerEncoderLayer`, or a layer of one's own that takes the same. */
export interface EncoderLayer extends Module {
  forward(src: Tensor, options?: TransformerEncoderLayerInputs): Tensor;
}

/** Options of a call of {@link TransformerEncoder}. */
export interface TransformerEncoderInputs {
  /** Which positions each one does not see; see `MultiheadAttention`'s `attnMask`. Default none. */
  mask?: Tensor | null;
  /** Positions that nobody sees; see `MultiheadAttention`'s `keyPaddingMask`. Default none. */
  srcKeyPaddingMask?: Tensor | null;
  /** Says that `mask`, which must be given too, hides what comes later. Default false. */
  isCausal?: boolean;
}

/**
 * A stack of encoder layers, all copies of one layer, so that they begin with the same parameters, as in PyTorch.
 *
 * `forward(src, { mask, srcKeyPaddingMask, isCausal })`.
 *
 * **Shapes** as the layer's. Options: `norm` (none): a last norm.
 * @throws what the layer throws, with its path.
 * @example
 * const encoder = new TransformerEncoder(new TransformerEncoderLayer(16, 4), 2, { norm: new LayerNorm(16) });
 * encoder.forward(randn([5, 2, 16])).shape; // → [5, 2, 16]
 */
export class TransformerEncoder extends Module {
  layers: ModuleList<EncoderLayer>;
  norm: Layer | null;

  constructor(encoderLayer: EncoderLayer, numLayers: number, options: { norm?: Layer | null } = {}) {
    super();
    this.layers = new ModuleList(Array.from({ length: numLayers }, () => encoderLayer.clone()));
    this.norm = options.norm ?? null;
  }

  /** How many layers there are. */
  get numLayers(): number {
    return this.layers.length;
  }

  forward(src: Tensor, options: TransformerEncoderInputs = {}): Tensor {
    const { mask: srcMask = null, ...rest } = options;
    let x = src;
    for (const layer of this.layers) x = layer.forward(x, { srcMask, ...rest });
    return this.norm?.forward(x) ?? x;
  }
}
