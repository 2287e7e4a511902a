import type { DerivativeTable } from "../derivative.js";
import { binary } from "./binary.js";
import { convolution } from "./convolution.js";
import { indexing } from "./indexing.js";
import { linearAlgebra } from "./linear-algebra.js";
import { normalization } from "./normalization.js";
import { recurrent } from "./recurrent.js";
import { reduction } from "./reduction.js";
import { shape } from "./shape.js";
import { unary } from "./unary.js";

export const derivatives: DerivativeTable = {
  ...unary,
  ...binary,
  ...shape,
  ...indexing,
  ...reduction,
  ...convolution,
  ...linearAlgebra,
  ...normalization,
  ...recurrent,
};
