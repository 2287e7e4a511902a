// Parametrizations that are ready to use (torch.nn.utils.parametrizations).
export { type OrthogonalMap, type OrthogonalOptions, orthogonal } from "./orthogonal.js";
export { spectralNorm } from "./spectral-norm.js";
export { weightNorm } from "./weight-norm.js";
