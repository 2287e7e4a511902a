import { type Transform, transforms } from "@kindling/datasets";
import type { Tensor } from "@kindling/tensor";

/** What turns an image of bytes into the network's input. It belongs to a model as its weights do. */
export interface Preprocessing {
  /** Mean and deviation per channel, of values from 0 to 1; null to leave them there. */
  readonly normalization: { readonly mean: readonly number[]; readonly std: readonly number[] } | null;
}

/** Mean and deviation of the 50,000 training images of CIFAR-10. */
export const cifar10Normalization = {
  mean: [0.49139968, 0.48215841, 0.44653091],
  std: [0.24703223, 0.24348513, 0.26158784],
};

/** The transform from bytes `[3, 32, 32]` to float32. */
export function toTransform({ normalization }: Preprocessing): Transform<Tensor, Tensor> {
  const toTensor = new transforms.ToTensor();
  if (normalization === null) return toTensor;
  return new transforms.Compose([toTensor, new transforms.Normalize(normalization.mean, normalization.std)]);
}
