import type { OpName } from "@kindling/tensor";
import { binarySamples } from "./binary.js";
import { convolutionSamples } from "./convolution.js";
import { indexingSamples } from "./indexing.js";
import { linearAlgebraSamples } from "./linear-algebra.js";
import { normalizationSamples } from "./normalization.js";
import { recurrentSamples } from "./recurrent.js";
import { reductionSamples } from "./reduction.js";
import type { Sample, Samples } from "./sample.js";
import { shapeSamples } from "./shape.js";
import { unarySamples } from "./unary.js";

/** Every operation must have an entry here; the compiler names the one that is missing. */
export const samples = {
  ...unarySamples,
  ...binarySamples,
  ...shapeSamples,
  ...indexingSamples,
  ...reductionSamples,
  ...convolutionSamples,
  ...linearAlgebraSamples,
  ...normalizationSamples,
  ...recurrentSamples,
} satisfies Samples<OpName> as Readonly<Record<OpName, Sample>>;

export type { Interval, Sample } from "./sample.js";
