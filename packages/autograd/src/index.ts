import { setRecorder } from "@kindling/tensor";
import { recorder } from "./tape.js";

export { backward, type GradOptions, grad } from "./backward.js";
export { Function, FunctionContext } from "./function.js";
export { type GradcheckOptions, gradcheck } from "./gradcheck.js";
export { enableGrad, isGradEnabled, noGrad, setGradEnabled } from "@kindling/tensor";

setRecorder(recorder);
