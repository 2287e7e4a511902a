import { manualSeed, rand } from "@kindling/tensor";
import { expect, it } from "vitest";
import { type Evaluation, evaluate } from "../src/evaluate.js";
import { Model } from "../src/model.js";
import { tinyImages } from "./tiny-images.js";

function finish(testing: IterableIterator<number, Evaluation, void>): { progress: number[]; result: Evaluation } {
  const progress: number[] = [];
  for (;;) {
    const next = testing.next();
    if (next.done === true) return { progress, result: next.value };
    progress.push(next.value);
  }
}

it("counts for each class how many images are recognised, over several batches", () => {
  manualSeed(3);
  const model = new Model();
  const images = tinyImages(430);
  const { progress, result } = finish(evaluate(model, images));
  expect(progress).toEqual([200, 400, 430]);

  const expected = Array.from({ length: 10 }, () => ({ images: 0, correct: 0 }));
  let lossSum = 0;
  for (let index = 0; index < images.length; index++) {
    const [image, target] = images.getItem(index);
    const logits = model.forward(image.unsqueeze(0)).detach();
    const counted = expected[target] as (typeof expected)[number];
    counted.images++;
    if (logits.argmax().item() === target) counted.correct++;
    lossSum -= logits.logSoftmax(1).toTypedArray()[target] as number;
  }
  expect(result.perClass).toEqual(expected);
  expect(result.accuracy).toBe(expected.reduce((sum, { correct }) => sum + correct, 0) / 430);
  expect(result.loss).toBeCloseTo(lossSum / 430, 4);
});

it("leaves the global random numbers alone", () => {
  const model = new Model();
  manualSeed(5);
  const expected = rand([3]).toArray();
  manualSeed(5);
  finish(evaluate(model, tinyImages(10)));
  expect(rand([3]).toArray()).toEqual(expected);
});
