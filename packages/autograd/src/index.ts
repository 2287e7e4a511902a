import { setRecorder } from "@kindling/tensor";
import { recorder } from "./recorder.js";

export { enableGrad, isGradEnabled, noGrad, setGradEnabled } from "@kindling/tensor";
export { backward, type GradOptions, grad } from "./backward.js";
export { Function, FunctionContext } from "./function.js";
export { type GradcheckOptions, gradcheck } from "./gradcheck.js";

setRecorder(recorder);
