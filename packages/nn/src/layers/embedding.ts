import { embedding, type Tensor } from "@kindling/tensor";
import { EmbeddingTable, type EmbeddingTableOptions, tableSizes } from "./embedding-table.js";

/**
 * A table of learned rows, looked up by index.
 *
 * **Shapes** x (integers): any; result: [..., embeddingDim]. Parameters: `weight` [numEmbeddings, embeddingDim], whose
 * row `paddingIdx` begins with zeros. Options: `paddingIdx` (none), `maxNorm` (none), `normType` (2),
 * `scaleGradByFreq` (false), `weight` (random).
 * @throws ShapeError for an index out of range; UsageError for a paddingIdx out of range.
 * @example new Embedding(1000, 64, { paddingIdx: 0 }).forward(tensor([[1, 5, 0]])).shape; // → [1, 3, 64]
 */
export class Embedding extends EmbeddingTable {
  static readonly keepsNoTensors = true;

  /**
   * A layer that shares the memory of a table.
   *
   * Options: as the constructor's, and `freeze` (true): whether the table is not learned.
   * @throws ShapeError unless the table has two dimensions.
   * @example Embedding.fromPretrained(tensor([[1, 2, 3], [4, 5, 6]], { dtype: "float32" }));
   */
  static fromPretrained(embeddings: Tensor, options: EmbeddingTableOptions & { freeze?: boolean } = {}): Embedding {
    const { freeze = true, ...rest } = options;
    const layer = new Embedding(...tableSizes("Embedding", embeddings), { ...rest, weight: embeddings });
    layer.weight.requiresGrad_(!freeze);
    return layer;
  }

  forward(x: Tensor): Tensor {
    const { paddingIdx, maxNorm, normType, scaleGradByFreq } = this;
    return embedding(x, this.weight, { paddingIdx, maxNorm, normType, scaleGradByFreq });
  }

  override extraRepr(): string {
    const [sizes, ...rest] = this.tableRepr();
    const padding = this.paddingIdx === null ? [] : [`padding_idx=${this.paddingIdx}`];
    return [sizes, ...padding, ...rest].join(", ");
  }
}
