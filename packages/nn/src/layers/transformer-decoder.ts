import type { Tensor } from "@kindling/tensor";
import { Module } from "../module.js";
import { ModuleList } from "./module-list.js";
import type { Layer } from "./sequential.js";
import type { TransformerDecoderInputs } from "./transformer-decoder-layer.js";

/** What a decoder is made of: `TransformerDecoderLayer`, or a layer of one's own that takes the same. */
export interface DecoderLayer extends Module {
  forward(tgt: Tensor, memory: Tensor, options?: TransformerDecoderInputs): Tensor;
}

/**
 * A stack of decoder layers, all copies of one layer, so that they begin with the same parameters, as in PyTorch.
 *
 * `forward(tgt, memory, { tgtMask, memoryMask, tgtKeyPaddingMask, memoryKeyPaddingMask, tgtIsCausal, memoryIsCausal })`.
 *
 * **Shapes** as the layer's. Options: `norm` (none): a last norm.
 * @throws what the layer throws, with its path.
 * @example
 * const decoder = new TransformerDecoder(new TransformerDecoderLayer(16, 4), 2);
 * decoder.forward(randn([3, 2, 16]), randn([5, 2, 16])).shape; // → [3, 2, 16]
 */
export class TransformerDecoder extends Module {
  layers: ModuleList<DecoderLayer>;
  norm: Layer | null;

  constructor(decoderLayer: DecoderLayer, numLayers: number, options: { norm?: Layer | null } = {}) {
    super();
    this.layers = new ModuleList(Array.from({ length: numLayers }, () => decoderLayer.clone()));
    this.norm = options.norm ?? null;
  }

  /** How many layers there are. */
  get numLayers(): number {
    return this.layers.length;
  }

  forward(tgt: Tensor, memory: Tensor, options: TransformerDecoderInputs = {}): Tensor {
    let x = tgt;
    for (const layer of this.layers) x = layer.forward(x, memory, options);
    return this.norm?.forward(x) ?? x;
  }
}
