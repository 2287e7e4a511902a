import { transforms } from "@kindling/datasets";
import { noGrad, type Tensor } from "@kindling/tensor";
import type { TrainedModel } from "./model-file.js";
import { toTransform } from "./preprocessing.js";

export interface Probability {
  readonly class: string;
  /** From 0 to 1. */
  readonly probability: number;
}

/** What an image of bytes, [3, H, W], shows, most probable first. */
export function predict({ model, classes, ...preprocessing }: TrainedModel, image: Tensor): Probability[] {
  const small = new transforms.Resize([32, 32]).forward(image);
  const input: Tensor = toTransform(preprocessing).forward(small);
  const probabilities = noGrad(() => model.forward(input.unsqueeze(0)).softmax(1)).toTypedArray();
  return classes
    .map((name, index) => ({ class: name, probability: probabilities[index] as number }))
    .sort((a, b) => b.probability - a.probability);
}
