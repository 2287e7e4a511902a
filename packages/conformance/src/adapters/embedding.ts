import * as t from "@kindling/tensor";
import { boolean, number, orNull, tensor } from "../parsers.js";
import type { Adapters } from "./adapter.js";

export const embeddings: Adapters = {
  embedding: (a) =>
    t.embedding(
      a.get("input", tensor),
      a.get("weight", tensor),
      a.options({ paddingIdx: orNull(number), scaleGradByFreq: boolean, maxNorm: orNull(number), normType: number }),
    ),
};
