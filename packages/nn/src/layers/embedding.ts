import {
  embedding,
  empty,
  formatShape,
  noGrad,
  ShapeError,
  sameShape,
  type Tensor,
  UsageError,
} from "@kindling/tensor";
import { normal_, zeros_ } from "../init.js";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";
import { showFloat } from "../repr.js";

export interface EmbeddingTableOptions {
  /** The row that stays as it is: it gets no gradient. Negative counts from the end. Default none. */
  paddingIdx?: number | null;
  /** Rows that are looked up and have a larger norm are first scaled down to it, in the table itself. Default none. */
  maxNorm?: number | null;
  /** Which norm `maxNorm` means. Default 2. */
  normType?: number;
  /** Divides each row's gradient by how often it occurs in the input. Default false. */
  scaleGradByFreq?: boolean;
}

export interface EmbeddingLayerOptions extends EmbeddingTableOptions {
  /** The table to begin with, whose memory is shared. Default: drawn from the standard normal distribution. */
  weight?: Tensor;
}

/**
 * A table of learned rows, looked up by index.
 *
 * **Shapes** x (integers): any; result: [..., embeddingDim]. Parameters: `weight` [numEmbeddings, embeddingDim], whose
 * row `paddingIdx` begins with zeros. Options: `paddingIdx` (none), `maxNorm` (none), `normType` (2),
 * `scaleGradByFreq` (false), `weight` (random).
 * @throws ShapeError for an index out of range; UsageError for a paddingIdx out of range.
 * @example new Embedding(1000, 64, { paddingIdx: 0 }).forward(tensor([[1, 5, 0]])).shape; // [1, 3, 64]
 */
export class Embedding extends Module {
  static readonly keepsNoTensors = true;
  readonly numEmbeddings: number;
  readonly embeddingDim: number;
  readonly paddingIdx: number | null;
  readonly maxNorm: number | null;
  readonly normType: number;
  readonly scaleGradByFreq: boolean;
  weight: Parameter;

  constructor(numEmbeddings: number, embeddingDim: number, options: EmbeddingLayerOptions = {}) {
    super();
    const { paddingIdx = null, maxNorm = null, normType = 2, scaleGradByFreq = false, weight } = options;
    if (paddingIdx !== null && !(paddingIdx >= -numEmbeddings && paddingIdx < numEmbeddings)) {
      throw new UsageError(`Embedding: paddingIdx ${paddingIdx} is out of range for ${numEmbeddings} rows`);
    }
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    this.paddingIdx = paddingIdx !== null && paddingIdx < 0 ? paddingIdx + numEmbeddings : paddingIdx;
    this.maxNorm = maxNorm;
    this.normType = normType;
    this.scaleGradByFreq = scaleGradByFreq;
    if (weight === undefined) {
      this.weight = new Parameter(empty([numEmbeddings, embeddingDim]));
      this.resetParameters();
    } else {
      if (!sameShape(weight.shape, [numEmbeddings, embeddingDim])) {
        throw new ShapeError(
          `Embedding: expected a weight [${numEmbeddings}, ${embeddingDim}], got ${formatShape(weight.shape)}`,
        );
      }
      this.weight = new Parameter(weight);
    }
  }

  /**
   * A layer that shares the memory of a table.
   *
   * Options: as the constructor's, and `freeze` (true): whether the table is not learned.
   * @throws ShapeError unless the table has two dimensions.
   * @example Embedding.fromPretrained(tensor([[1, 2, 3], [4, 5, 6]], { dtype: "float32" }));
   */
  static fromPretrained(embeddings: Tensor, options: EmbeddingTableOptions & { freeze?: boolean } = {}): Embedding {
    const { freeze = true, ...rest } = options;
    if (embeddings.ndim !== 2) {
      throw new ShapeError(
        `Embedding.fromPretrained: expected a table [rows, size], got ${formatShape(embeddings.shape)}`,
      );
    }
    const [rows, size] = embeddings.shape as [number, number];
    const layer = new Embedding(rows, size, { ...rest, weight: embeddings });
    layer.weight.requiresGrad_(!freeze);
    return layer;
  }

  /** Draws the table anew. */
  resetParameters(): void {
    normal_(this.weight);
    const { paddingIdx } = this;
    if (paddingIdx !== null) noGrad(() => zeros_(this.weight.select(0, paddingIdx)));
  }

  forward(x: Tensor): Tensor {
    const { paddingIdx, maxNorm, normType, scaleGradByFreq } = this;
    return embedding(x, this.weight, { paddingIdx, maxNorm, normType, scaleGradByFreq });
  }

  override extraRepr(): string {
    const parts = [`${this.numEmbeddings}, ${this.embeddingDim}`];
    if (this.paddingIdx !== null) parts.push(`padding_idx=${this.paddingIdx}`);
    if (this.maxNorm !== null) parts.push(`max_norm=${showFloat(this.maxNorm)}`);
    if (this.normType !== 2) parts.push(`norm_type=${showFloat(this.normType)}`);
    if (this.scaleGradByFreq) parts.push("scale_grad_by_freq=True");
    return parts.join(", ");
  }
}
