import { setRecorder } from "@kindling/tensor";
import { recorder } from "./recorder.js";

export {
  enableGrad,
  inferenceMode,
  isGradEnabled,
  isInferenceModeEnabled,
  noGrad,
  setGradEnabled,
} from "@kindling/tensor";
export { type AnomalyOptions, detectAnomaly, isAnomalyEnabled, setDetectAnomaly } from "./anomaly.js";
export { backward, type GradOptions, grad } from "./backward.js";
export { type CheckpointOptions, checkpoint, checkpointSequential, type SequentialLike } from "./checkpoint.js";
export * as func from "./func/index.js";
export { Function, FunctionContext } from "./function.js";
export {
  hessian,
  hvp,
  type JacobianOf,
  type JacobianOptions,
  jacobian,
  jvp,
  type TensorFunction,
  type TensorsLike,
  vhp,
  vjp,
} from "./functional.js";
export type { FunctionalOptions, Tensors } from "./functional-call.js";
export { type GradcheckOptions, gradcheck, gradgradcheck } from "./gradcheck.js";
export { savedTensorsHooks } from "./saved-tensors-hooks.js";
export { type BatchDims, type VmapOptions, vmap } from "./vmap.js";

setRecorder(recorder);
