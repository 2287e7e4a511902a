import { describe, expect, it } from "vitest";
import type { EpochEvent, StartEvent } from "../../src/events.js";
import { resolveConfig } from "../../src/presets.js";
import { barLine, timeLeft } from "../../src/report/bar.js";
import { evaluationLines, toEvaluationEvent } from "../../src/report/evaluation.js";
import { formatDuration, formatShare } from "../../src/report/format.js";
import { predictionLines } from "../../src/report/prediction.js";
import { describeDone, describeStart, epochLine } from "../../src/report/text.js";

const start: StartEvent = {
  event: "start",
  ...resolveConfig({}),
  backend: "native",
  isa: "avx2",
  threads: 2,
  trainImages: 50_000,
  testImages: 10_000,
  stepsPerEpoch: 782,
};

const epoch: EpochEvent = {
  event: "epoch",
  epoch: 2,
  lossSum: 359.514176,
  loss: 2.304578,
  testLoss: 1.25,
  testAccuracy: 0.7131,
  imagesPerSecond: 3456.7,
  seconds: 83.2,
};

it("describeStart tells images, steps, optimizer, seed and kernels", () => {
  expect(describeStart(start)).toEqual([
    "CIFAR-10, preset default: 50,000 images of the training split, tested on 10,000",
    "5 epochs of 782 steps, batch size 64, SGD (lr 0.01 falling to 0, momentum 0.9), seed 0",
    "native kernels (avx2), 2 threads",
  ]);
  const tutorial = { ...start, ...resolveConfig({ preset: "tutorial", epochs: 1, weightDecay: 0.1 }) };
  const small = { trainImages: 10_000, testImages: 0, stepsPerEpoch: 1, threads: 1, reason: "no addon" };
  expect(describeStart({ ...tutorial, ...small })).toEqual([
    "CIFAR-10, preset tutorial: 10,000 images of the test split",
    "1 epoch of 1 step, batch size 64, SGD (lr 0.001, weight decay 0.1), seed 0",
    "native kernels (avx2), 1 thread; no addon",
  ]);
});

it("epochLine tells all of an epoch in one line", () => {
  expect(epochLine(epoch, 5)).toBe(
    "epoch 2/5, loss sum 359.51418, loss 2.3046, test loss 1.2500, test accuracy 71.31 %, 3,457 images/s, 1 min 23 s",
  );
  expect(epochLine({ ...epoch, testLoss: null, testAccuracy: null }, 5)).not.toMatch(/test/);
});

it("describeDone tells where the model is and what to do with it", () => {
  const wording = { showPath: (path: string) => path.slice(1), program: "trainer" };
  const lines = describeDone({ event: "done", model: "/m" }, wording);
  expect(lines).toEqual(["The model is saved in m", "Look at it: trainer evaluate m"]);
  expect(describeDone({ event: "done", model: "/m", interrupted: true }, wording)[0]).toMatch(/^Interrupted\./);
});

describe("barLine", () => {
  const words = { columns: 68, before: () => "epoch 1/5", after: () => ["", "loss 2.3"] };

  it("fills as it goes on, and fits the terminal", () => {
    const state = { done: 25, total: 100, elapsedSeconds: 5 };
    expect(barLine(state, words, 100)).toBe(`epoch 1/5 ${"█".repeat(8)}${"░".repeat(22)}  25 % loss 2.3`);
    expect(barLine(state, words, 80)).toBe(`epoch 1/5 ${"█".repeat(3)}${"░".repeat(9)}  25 % loss 2.3`);
  });

  it("is never fuller than full, and empty when nothing is known", () => {
    expect(barLine({ done: 9, total: 8, elapsedSeconds: 1 }, words, 80)).toMatch(/^epoch 1\/5 █{12} 100 % /);
    expect(barLine({ done: 9, total: 0, elapsedSeconds: 1 }, words, 80)).toMatch(/^epoch 1\/5 ░{12} {3}0 % /);
  });

  it("comes with the time left at the pace so far", () => {
    expect(timeLeft({ done: 25, total: 100, elapsedSeconds: 5 })).toBe("15.0 s left");
    expect(timeLeft({ done: 0, total: 100, elapsedSeconds: 5 })).toBe("");
  });
});

it.each([
  [0.04, "0.0 s"],
  [59.94, "59.9 s"],
  [59.96, "1 min 0 s"],
  [3599.7, "1 h 0 min"],
  [7325, "2 h 2 min"],
  [Number.NaN, "?"],
])("formatDuration(%d) is %s", (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

it("formatShare gives percent", () => {
  expect(formatShare(1)).toBe("100.00 %");
});

describe("an evaluation", () => {
  const perClass = [
    { images: 4, correct: 3 },
    { images: 0, correct: 0 },
  ];
  const event = toEvaluationEvent("/m", ["cat", "dog"], { loss: 0.51234, accuracy: 0.75, perClass });

  it("is told to programs with every class", () => {
    expect(event).toEqual({
      event: "evaluation",
      model: "/m",
      images: 4,
      loss: 0.51234,
      accuracy: 0.75,
      classes: [
        { class: "cat", images: 4, correct: 3, accuracy: 0.75 },
        { class: "dog", images: 0, correct: 0, accuracy: null },
      ],
    });
  });

  it("is told to people as a table", () => {
    expect(evaluationLines(event)).toEqual([
      "Test accuracy 75.00 %: 3 of 4 images, loss 0.5123",
      "",
      "class        images  recognised  accuracy",
      "cat               4           3   75.00 %",
      "dog               0           0         -",
    ]);
  });
});

it("predictionLines show probabilities as numbers and bars", () => {
  const lines = predictionLines("a.png", [
    { class: "cat", probability: 0.75 },
    { class: "dog", probability: 0.01 },
  ]);
  expect(lines).toEqual([`a.png: cat`, `  cat          75.00 %  ${"█".repeat(15)}`, "  dog           1.00 %"]);
});
