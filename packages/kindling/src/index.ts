// Importing this package registers autograd (see "sideEffects" in package.json): nothing else is needed to train.
export * from "@kindling/autograd";
export * from "@kindling/datasets";
export { type BackendInfo, backendInfo, getNumThreads, setNumThreads } from "@kindling/kernels";
export * from "@kindling/losses";
export * from "@kindling/nn";
export * from "@kindling/optimizers";
export * from "@kindling/serialization";
export * from "@kindling/tensor";
