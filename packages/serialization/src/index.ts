export {
  loadOptimizerState,
  type OptimizerStateDict,
  optimizerStateFromTensors,
  optimizerStateToTensors,
  saveOptimizer,
} from "./optimizer-state.js";
export { fromSafetensors, type SafetensorsContent, type SafetensorsOptions, toSafetensors } from "./safetensors.js";
export { loadSafetensors, saveSafetensors } from "./safetensors-file.js";
