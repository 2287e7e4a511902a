import { transforms } from "@kindling/datasets";
import { fromArray, noGrad, type Tensor } from "@kindling/tensor";
import type { TrainedModel } from "./model-file.js";
import type { Picture } from "./png.js";
import { toTransform } from "./preprocessing.js";

export interface Probability {
  readonly class: string;
  /** From 0 to 1. */
  readonly probability: number;
}

/** What a picture shows, most probable first. */
export function predict({ model, classes, ...preprocessing }: TrainedModel, picture: Picture): Probability[] {
  const image = fromArray(picture.planes, [3, picture.height, picture.width], "uint8");
  const small = new transforms.Resize([32, 32]).forward(image);
  const input: Tensor = toTransform(preprocessing).forward(small);
  const probabilities = noGrad(() => model.forward(input.unsqueeze(0)).softmax(1)).toTypedArray();
  return classes
    .map((name, index) => ({ class: name, probability: probabilities[index] as number }))
    .sort((a, b) => b.probability - a.probability);
}
