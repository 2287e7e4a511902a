import { activation } from "./activation.js";
import type { Adapters } from "./adapter.js";
import { attention } from "./attention.js";
import { binary } from "./binary.js";
import { clip } from "./clip.js";
import { convolutions } from "./convolution.js";
import { creation } from "./creation.js";
import { embeddings } from "./embedding.js";
import { everyday } from "./everyday.js";
import { indexing } from "./indexing.js";
import { gain } from "./init.js";
import { linearAlgebra } from "./linear-algebra.js";
import { loss } from "./loss.js";
import { matmul } from "./matmul.js";
import { normalization } from "./normalization.js";
import { reduction } from "./reduction.js";
import { shape } from "./shape.js";
import { types } from "./types.js";
import { unary } from "./unary.js";

/** Every operation that Kindling has, by PyTorch's name. Add a family by adding its table. */
export const operations: Adapters = {
  ...activation,
  ...attention,
  ...binary,
  ...clip,
  ...convolutions,
  ...creation,
  ...embeddings,
  ...gain,
  ...everyday,
  ...indexing,
  ...linearAlgebra,
  ...loss,
  ...matmul,
  ...normalization,
  ...reduction,
  ...shape,
  ...types,
  ...unary,
};
