import { CIFAR10, DataLoader, type MapDataset } from "@kindling/datasets";
import { CrossEntropyLoss } from "@kindling/losses";
import { Generator, noGrad, type Tensor } from "@kindling/tensor";
import type { Model } from "./model.js";

export type LabelledImages = MapDataset<[image: Tensor, target: number]>;

export interface Evaluation {
  /** Mean cross entropy. */
  readonly loss: number;
  /** From 0 to 1. */
  readonly accuracy: number;
  /** For each class, how many images there were and how many of them were recognised. */
  readonly perClass: readonly ClassResult[];
}

export interface ClassResult {
  readonly images: number;
  readonly correct: number;
}

/** Forward passes of more images at once are no faster and need more memory. */
const batchSize = 200;

/**
 * Classifies every image. Yields how many are done, batch by batch, and returns the result. The global random
 * numbers are left alone, so that a test between two epochs does not change the training.
 */
export function* evaluate(model: Model, data: LabelledImages): IterableIterator<number, Evaluation, void> {
  const criterion = new CrossEntropyLoss({ reduction: "sum" });
  const perClass = CIFAR10.classes.map(() => ({ images: 0, correct: 0 }));
  let lossSum = 0;
  let images = 0;
  for (const [batch, targets] of new DataLoader(data, { batchSize, generator: new Generator(0) })) {
    const logits = noGrad(() => model.forward(batch));
    lossSum += noGrad(() => criterion.forward(logits, targets)).item();
    const predicted = logits.argmax(1).toTypedArray();
    for (const [index, target] of targets.toTypedArray().entries()) {
      const result = perClass[target] as (typeof perClass)[number];
      result.images++;
      if (predicted[index] === target) result.correct++;
    }
    images += predicted.length;
    yield images;
  }
  const correct = perClass.reduce((sum, result) => sum + result.correct, 0);
  return { loss: lossSum / images, accuracy: correct / images, perClass };
}
