// All losses; what they share is in loss-reduction.ts.
export * from "./loss-binary.js";
export * from "./loss-classification.js";
export * from "./loss-ctc.js";
export * from "./loss-likelihood.js";
export * from "./loss-margin.js";
export * from "./loss-pairs.js";
export type { Reduction, ReductionOptions } from "./loss-reduction.js";
export * from "./loss-regression.js";
