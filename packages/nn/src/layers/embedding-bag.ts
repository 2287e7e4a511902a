import { type EmbeddingBagMode, embeddingBag, type Tensor } from "@kindling/tensor";
import { type EmbeddingLayerOptions, EmbeddingTable, tableSizes } from "./embedding-table.js";

/** Options of `EmbeddingBag`. */
export interface EmbeddingBagLayerOptions extends EmbeddingLayerOptions {
  /** What is made of the rows of a bag. Default "mean". */
  mode?: EmbeddingBagMode;
  /** Whether the last offset is the end of the last bag, instead of the beginning of one more. Default false. */
  includeLastOffset?: boolean;
}

/**
 * Sums, means or maxima of bags of rows of a learned table. A bag without indices gives zeros.
 *
 * `forward(x, offsets, perSampleWeights)`.
 *
 * **Shapes** x (integers): [B, N], B bags of one length; or [N] with offsets [B], where each bag begins;
 * perSampleWeights: that of x, with "sum" only; result: [B, embeddingDim]. Parameters: `weight` [numEmbeddings,
 * embeddingDim]. Options: `mode` ("mean"), `includeLastOffset` (false), `paddingIdx` (none: a row that counts in no bag),
 * `maxNorm` (none), `normType` (2), `scaleGradByFreq` (false), `weight` (random).
 * @throws ShapeError for an index out of range or sizes that do not fit; UsageError for bad offsets or options.
 * @example new EmbeddingBag(10, 3, { mode: "sum" }).forward(tensor([1, 2, 4, 5]), tensor([0, 3])).shape; // → [2, 3]
 */
export class EmbeddingBag extends EmbeddingTable {
  readonly mode: EmbeddingBagMode;
  readonly includeLastOffset: boolean;

  constructor(numEmbeddings: number, embeddingDim: number, options: EmbeddingBagLayerOptions = {}) {
    super(numEmbeddings, embeddingDim, options);
    this.mode = options.mode ?? "mean";
    this.includeLastOffset = options.includeLastOffset ?? false;
  }

  /**
   * A layer that shares the memory of a table.
   *
   * Options: as the constructor's, and `freeze` (true): whether the table is not learned.
   * @throws ShapeError unless the table has two dimensions.
   */
  static fromPretrained(
    embeddings: Tensor,
    options: Omit<EmbeddingBagLayerOptions, "weight"> & { freeze?: boolean } = {},
  ): EmbeddingBag {
    const { freeze = true, ...rest } = options;
    const layer = new EmbeddingBag(...tableSizes("EmbeddingBag", embeddings), { ...rest, weight: embeddings });
    layer.weight.requiresGrad_(!freeze);
    return layer;
  }

  forward(x: Tensor, offsets: Tensor | null = null, perSampleWeights: Tensor | null = null): Tensor {
    const { mode, includeLastOffset, paddingIdx, maxNorm, normType, scaleGradByFreq } = this;
    const table = { paddingIdx, maxNorm, normType, scaleGradByFreq };
    return embeddingBag(x, this.weight, offsets, { mode, includeLastOffset, perSampleWeights, ...table });
  }

  override extraRepr(): string {
    const padding = this.paddingIdx === null ? [] : [`padding_idx=${this.paddingIdx}`];
    return [...this.tableRepr(), `mode=${this.mode}`, ...padding].join(", ");
  }
}
