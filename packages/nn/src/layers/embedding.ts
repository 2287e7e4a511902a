import { embedding, empty, type Tensor } from "@kindling/tensor";
import { normal_ } from "../init.js";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";

/** Rows of a table by int32 index. **Shapes** x: any; result: [..., embeddingDim]. */
export class Embedding extends Module {
  static readonly keepsNoTensors = true;
  readonly numEmbeddings: number;
  readonly embeddingDim: number;
  weight: Parameter;

  constructor(numEmbeddings: number, embeddingDim: number) {
    super();
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    this.weight = new Parameter(empty([numEmbeddings, embeddingDim]));
    normal_(this.weight);
  }

  forward(x: Tensor): Tensor {
    return embedding(x, this.weight);
  }

  override extraRepr(): string {
    return `${this.numEmbeddings}, ${this.embeddingDim}`;
  }
}
