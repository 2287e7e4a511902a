export { Adam, type AdamOptions } from "./adam.js";
export { AdamW } from "./adamw.js";
export { clipGradNorm_, clipGradValue_ } from "./clip-grad.js";
export { Optimizer, type OptimizerState, type ParameterState, type ParamGroup, type Params } from "./optimizer.js";
export { SGD, type SGDOptions } from "./sgd.js";
