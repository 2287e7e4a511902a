export {
  type AdaptiveLogSoftmaxOptions,
  type AdaptiveLogSoftmaxResult,
  AdaptiveLogSoftmaxWithLoss,
} from "./adaptive-log-softmax-with-loss.js";
export { BCELoss } from "./bce-loss.js";
export { BCEWithLogitsLoss } from "./bce-with-logits-loss.js";
export { CosineEmbeddingLoss } from "./cosine-embedding-loss.js";
export { CrossEntropyLoss } from "./cross-entropy-loss.js";
export { CTCLoss } from "./ctc-loss.js";
export { GaussianNLLLoss } from "./gaussian-nll-loss.js";
export { HingeEmbeddingLoss } from "./hinge-embedding-loss.js";
export { HuberLoss } from "./huber-loss.js";
export { KLDivLoss } from "./kl-div-loss.js";
export { L1Loss } from "./l1-loss.js";
export { MarginRankingLoss } from "./margin-ranking-loss.js";
export { MSELoss } from "./mse-loss.js";
export { MultiLabelMarginLoss } from "./multi-label-margin-loss.js";
export { MultiLabelSoftMarginLoss } from "./multi-label-soft-margin-loss.js";
export { MultiMarginLoss } from "./multi-margin-loss.js";
export { NLLLoss } from "./nll-loss.js";
export { PoissonNLLLoss } from "./poisson-nll-loss.js";
export { SmoothL1Loss } from "./smooth-l1-loss.js";
export { SoftMarginLoss } from "./soft-margin-loss.js";
export { TripletMarginLoss } from "./triplet-margin-loss.js";
export { TripletMarginWithDistanceLoss } from "./triplet-margin-with-distance-loss.js";
