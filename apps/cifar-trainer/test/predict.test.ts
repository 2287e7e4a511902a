import { CIFAR10 } from "@kindling/datasets";
import { manualSeed, type Tensor, tensor } from "@kindling/tensor";
import { expect, it } from "vitest";
import { Model } from "../src/model.js";
import { predict } from "../src/predict.js";

const mean = [0.5, 0.4, 0.3];
const std = [0.2, 0.3, 0.4];

function picture(width: number, height: number): Tensor {
  return tensor(Uint8Array.from({ length: 3 * width * height }, (_, index) => (index * 7) % 256)).reshape(
    3,
    height,
    width,
  );
}

it("gives every class its probability, the most probable first, of the image prepared as in training", () => {
  manualSeed(1);
  const model = new Model();
  const image = picture(32, 32);
  const result = predict({ model, classes: CIFAR10.classes, normalization: { mean, std } }, image);

  const input = Array.from(image.toTypedArray(), (byte, index) => {
    const channel = Math.floor(index / 1024);
    return (byte / 255 - (mean[channel] as number)) / (std[channel] as number);
  });
  const logits = model.forward(tensor(input).reshape([1, 3, 32, 32])).detach();
  const expected = logits.softmax(1).toTypedArray();
  for (const { class: name, probability } of result) {
    expect(probability).toBeCloseTo(expected[CIFAR10.classes.indexOf(name)] as number, 5);
  }
  expect(new Set(result.map((row) => row.class)).size).toBe(10);
  const probabilities = result.map((row) => row.probability);
  expect(probabilities).toEqual([...probabilities].sort((a, b) => b - a));
  expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
});

it.each([
  [1, 1],
  [640, 3],
  [31, 200],
])("takes an image of %i×%i pixels", (width, height) => {
  const trained = { model: new Model(), classes: CIFAR10.classes, normalization: null };
  expect(predict(trained, picture(width, height))).toHaveLength(10);
});
