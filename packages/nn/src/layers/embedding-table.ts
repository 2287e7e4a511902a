import { empty, formatShape, noGrad, ShapeError, sameShape, type Tensor, UsageError } from "@kindling/tensor";
import { normal_, zeros_ } from "../init.js";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";
import { showFloat } from "../repr.js";

/** Options of layers with a table of rows. */
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

/** Options of `Embedding`. */
export interface EmbeddingLayerOptions extends EmbeddingTableOptions {
  /** The table to begin with, whose memory is shared. Default: drawn from the standard normal distribution. */
  weight?: Tensor;
}

/** @throws ShapeError unless a table has two dimensions. */
export function tableSizes(owner: string, embeddings: Tensor): [rows: number, size: number] {
  if (embeddings.ndim === 2) return embeddings.shape as [number, number];
  throw new ShapeError(`${owner}.fromPretrained: expected a table [rows, size], got ${formatShape(embeddings.shape)}`);
}

/** What layers share that look up rows of a table. */
export abstract class EmbeddingTable extends Module {
  readonly numEmbeddings: number;
  readonly embeddingDim: number;
  readonly paddingIdx: number | null;
  readonly maxNorm: number | null;
  readonly normType: number;
  readonly scaleGradByFreq: boolean;
  weight: Parameter;

  constructor(numEmbeddings: number, embeddingDim: number, options: EmbeddingLayerOptions = {}) {
    super();
    const owner = this.constructor.name;
    const { paddingIdx = null, maxNorm = null, normType = 2, scaleGradByFreq = false, weight } = options;
    if (paddingIdx !== null && !(paddingIdx >= -numEmbeddings && paddingIdx < numEmbeddings)) {
      throw new UsageError(`${owner}: paddingIdx ${paddingIdx} is out of range for ${numEmbeddings} rows`);
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
          `${owner}: expected a weight [${numEmbeddings}, ${embeddingDim}], got ${formatShape(weight.shape)}`,
        );
      }
      this.weight = new Parameter(weight);
    }
  }

  /** Draws the table anew. */
  resetParameters(): void {
    normal_(this.weight);
    const { paddingIdx } = this;
    if (paddingIdx !== null) noGrad(() => zeros_(this.weight.select(0, paddingIdx)));
  }

  /** The options, the padding row aside. */
  protected tableRepr(): string[] {
    const parts = [`${this.numEmbeddings}, ${this.embeddingDim}`];
    if (this.maxNorm !== null) parts.push(`max_norm=${showFloat(this.maxNorm)}`);
    if (this.normType !== 2) parts.push(`norm_type=${showFloat(this.normType)}`);
    if (this.scaleGradByFreq) parts.push("scale_grad_by_freq=True");
    return parts;
  }
}
