import * as t from "@kindling/tensor";
import { dtype, operand, tensor } from "../parsers.js";
import type { Adapters } from "./adapter.js";

export const types: Adapters = {
  to: (a) => t.to(a.get("input", tensor), a.get("dtype", dtype)),
  // Its answer is a 0-d zero of the type.
  result_type: (a) => t.zeros([], { dtype: t.resultType(a.get("tensor1", operand), a.get("tensor2", operand)) }),
};
