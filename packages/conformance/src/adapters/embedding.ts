import * as t from "@kindling/tensor";
import { boolean, number, orNull, tensor, word } from "../parsers.js";
import type { Adapters } from "./adapter.js";

const table = { paddingIdx: orNull(number), scaleGradByFreq: boolean, maxNorm: orNull(number), normType: number };

export const embeddings: Adapters = {
  embedding: (a) => t.embedding(a.get("input", tensor), a.get("weight", tensor), a.options(table)),
  embedding_bag: (a) =>
    t.embeddingBag(
      a.get("input", tensor),
      a.get("weight", tensor),
      a.maybe("offsets", orNull(tensor)),
      a.options({ ...table, mode: word, perSampleWeights: orNull(tensor), includeLastOffset: boolean }),
    ),
};
