export * from "@kindling/autograd";
export * from "@kindling/datasets";
export * from "@kindling/losses";
export * from "@kindling/nn";
export * from "@kindling/optimizers";
export * from "@kindling/serialization";
export * from "@kindling/tensor";
