import * as t from "@kindling/tensor";
import { boolean, number, orNull, tensor } from "../parsers.js";
import type { Adapters } from "./adapter.js";

export const attention: Adapters = {
  scaled_dot_product_attention: (a) =>
    t.scaledDotProductAttention(
      a.get("query", tensor),
      a.get("key", tensor),
      a.get("value", tensor),
      a.options({
        attnMask: orNull(tensor),
        dropoutP: number,
        isCausal: boolean,
        scale: orNull(number),
        enableGqa: boolean,
      }),
    ),
};
