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
export { Function, FunctionContext } from "./function.js";
export { type GradcheckOptions, gradcheck } from "./gradcheck.js";
export { savedTensorsHooks } from "./saved-tensors-hooks.js";

setRecorder(recorder);
