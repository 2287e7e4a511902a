// Parametrizations that are ready to use (torch.nn.utils.parametrizations).
export { spectralNorm } from "./spectral-norm.js";
export { weightNorm } from "./weight-norm.js";
