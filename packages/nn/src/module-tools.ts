// What changes modules from outside (torch.nn.utils).
export { fuseConvBnEval, fuseLinearBnEval } from "./fuse-batch-norm.js";
export { parametersToVector, vectorToParameters } from "./parameters-to-vector.js";
export * as parametrizations from "./parametrizations.js";
export * as parametrize from "./parametrize.js";
export { oldSpectralNorm as spectralNorm, removeSpectralNorm, type SpectralNormOptions } from "./spectral-norm.js";
export { oldWeightNorm as weightNorm, removeWeightNorm } from "./weight-norm.js";
