export type { HookOptions as OptimizerHookOptions } from "@kindling/tensor";
export { Adadelta, type AdadeltaOptions } from "./adadelta.js";
export { Adafactor, type AdafactorOptions } from "./adafactor.js";
export { Adagrad, type AdagradOptions } from "./adagrad.js";
export { Adam, type AdamOptions } from "./adam.js";
export { Adamax, type AdamaxOptions } from "./adamax.js";
export { AdamW } from "./adamw.js";
export { ASGD, type ASGDOptions } from "./asgd.js";
export {
  type ClipNormOptions,
  clipGradNorm_,
  clipGradsWithNorm_,
  clipGradValue_,
  getTotalNorm,
} from "./clip-grad.js";
export type { OptimizerHook, OptimizerStateHook, StepPreHook } from "./hooks.js";
export { LBFGS, type LBFGSOptions } from "./lbfgs.js";
export { Muon, type MuonOptions } from "./muon.js";
export { NAdam, type NAdamOptions } from "./nadam.js";
export {
  Optimizer,
  type OptimizerState,
  type ParameterState,
  type ParamGroup,
  type ParamGroupOptions,
  type Params,
} from "./optimizer.js";
export { RAdam, type RAdamOptions } from "./radam.js";
export { RMSprop, type RMSpropOptions } from "./rmsprop.js";
export { Rprop, type RpropOptions } from "./rprop.js";
export { ChainedScheduler, type SteppingScheduler } from "./schedulers/chained-scheduler.js";
export { ConstantLR, type ConstantOptions } from "./schedulers/constant-lr.js";
export { CosineAnnealingLR, type CosineAnnealingOptions } from "./schedulers/cosine-annealing-lr.js";
export { CosineAnnealingWarmRestarts, type WarmRestartsOptions } from "./schedulers/cosine-annealing-warm-restarts.js";
export { CyclicLR, type CyclicOptions } from "./schedulers/cyclic-lr.js";
export { ExponentialLR } from "./schedulers/exponential-lr.js";
export { LambdaLR, type RateFactor } from "./schedulers/lambda-lr.js";
export { LinearLR, type LinearLROptions } from "./schedulers/linear-lr.js";
export { LRScheduler, type SchedulerOptions } from "./schedulers/lr-scheduler.js";
export { MultiStepLR } from "./schedulers/multi-step-lr.js";
export { MultiplicativeLR } from "./schedulers/multiplicative-lr.js";
export { OneCycleLR, type OneCycleOptions } from "./schedulers/one-cycle-lr.js";
export { PolynomialLR, type PolynomialOptions } from "./schedulers/polynomial-lr.js";
export { type PlateauOptions, ReduceLROnPlateau } from "./schedulers/reduce-lr-on-plateau.js";
export { Scheduler, type SchedulerState, type SchedulerValue } from "./schedulers/scheduler.js";
export { SequentialLR } from "./schedulers/sequential-lr.js";
export { StepLR } from "./schedulers/step-lr.js";
export { SWALR, type SwaOptions } from "./schedulers/swa-lr.js";
export { SGD, type SGDOptions } from "./sgd.js";
