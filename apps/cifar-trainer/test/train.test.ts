import { manualSeed, type Tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { DivergenceError } from "../src/errors.js";
import type { LabelledImages } from "../src/evaluate.js";
import type { EpochEvent, TrainingEvent } from "../src/events.js";
import { Model } from "../src/model.js";
import { resolveConfig, type TrainConfig } from "../src/presets.js";
import { type TrainingJob, train } from "../src/train.js";
import { tinyImages } from "./tiny-images.js";

const config: TrainConfig = { ...resolveConfig({ epochs: 2, batchSize: 16 }), schedule: "constant" };
const trainData = tinyImages(72);
const testData = tinyImages(24, { salt: 2 });

const parametersOf = (model: Model): number[][] =>
  Object.values(model.stateDict()).map((tensor) => Array.from(tensor.toTypedArray()));

/** Runs to the end, or to the error. `onEvent` may interrupt the run. */
async function run(
  overrides: Partial<TrainingJob> = {},
  onEvent: (event: TrainingEvent, interrupt: () => void) => void = () => undefined,
) {
  const controller = new AbortController();
  const saved: number[][][] = [];
  const save = async (model: Model) => `/model-${saved.push(parametersOf(model))}`;
  const events: TrainingEvent[] = [];
  let error: unknown = null;
  try {
    for await (const event of train({ config, trainData, testData, signal: controller.signal, save, ...overrides })) {
      events.push(event);
      onEvent(event, () => controller.abort());
    }
  } catch (reason) {
    error = reason;
  }
  const names = events.map(({ event }) => event);
  const losses = events.flatMap((event) => (event.event === "step" ? [event.loss] : []));
  const epochs = events.filter((event): event is EpochEvent => event.event === "epoch");
  return { events, names, losses, epochs, saved, error };
}

describe("a training run", () => {
  it("tells how it starts, of every step, of the test, of every epoch, and where the model is", async () => {
    const { events, names } = await run();
    const epoch = ["step", "step", "step", "step", "step", "test", "epoch"];
    expect(names).toEqual(["start", ...epoch, ...epoch, "done"]);
    expect(events[0]).toMatchObject({ preset: "default", trainImages: 72, testImages: 24, stepsPerEpoch: 5, lr: 0.01 });
    expect(events[0]).toHaveProperty("backend", process.env.KINDLING_BACKEND ?? expect.any(String));
    expect(events[2]).toEqual({ event: "step", epoch: 1, step: 2, loss: expect.any(Number) });
    expect(events[6]).toEqual({ event: "test", epoch: 1, images: 24 });
    expect(events.at(-1)).toEqual({ event: "done", model: "/model-2" });
  });

  it("sums and averages the losses of the batches", async () => {
    const { epochs, losses } = await run();
    const [first] = epochs;
    const sum = losses.slice(0, 5).reduce((a, b) => a + b);
    expect(first).toEqual({
      event: "epoch",
      epoch: 1,
      lossSum: sum,
      loss: sum / 5,
      testLoss: expect.any(Number),
      testAccuracy: expect.any(Number),
      imagesPerSecond: expect.any(Number),
      seconds: expect.any(Number),
    });
    expect(first?.imagesPerSecond).toBeCloseTo(72 / (first?.seconds ?? 0), 6);
  });

  it("learns", async () => {
    const { epochs } = await run({ config: { ...config, epochs: 10 } });
    expect(epochs.at(-1)?.testAccuracy).toBeGreaterThan(0.5);
    expect(epochs.at(-1)?.testLoss).toBeLessThan(epochs[0]?.testLoss as number);
  });

  it("gives the same numbers again for the same seed, and others for another", async () => {
    const [first, second, other] = [await run(), await run(), await run({ config: { ...config, seed: 1 } })];
    expect(second.losses).toEqual(first.losses);
    expect(second.saved).toEqual(first.saved);
    expect(other.losses).not.toEqual(first.losses);
  });

  it("is the same with a test after each epoch and without", async () => {
    const [tested, untested] = [await run(), await run({ testData: null })];
    expect(untested.losses).toEqual(tested.losses);
    expect(untested.names).not.toContain("test");
    expect(untested.epochs[0]).toMatchObject({ testLoss: null, testAccuracy: null });
  });

  it("leaves out a last batch that is not full if the preset says so", async () => {
    const { events, losses } = await run({ config: { ...config, dropLast: true } });
    expect(events[0]).toMatchObject({ stepsPerEpoch: 4 });
    expect(losses.length).toBe(8);
  });

  it("lets the learning rate fall in a straight line, to 0 after the last step", async () => {
    const job = { config: { ...config, epochs: 1, batchSize: 72, momentum: 0 }, testData: null };
    const [constant, linear] = [await run(job), await run({ ...job, config: { ...job.config, schedule: "linear" } })];
    expect(linear.saved).toEqual(constant.saved); // of one step, the first has the whole rate
    const two = { ...job.config, epochs: 2 };
    const half = await run({ ...job, config: { ...two, schedule: "linear" } });
    const whole = await run({ ...job, config: two });
    const start = constant.saved[0]?.[9]?.[0] as number;
    const step = (result: typeof half) => (result.saved[1]?.[9]?.[0] as number) - start;
    expect(step(half) / step(whole)).toBeCloseTo(0.5, 2);
  });

  it.each(["adam", "adamw"] as const)("takes steps by %s", async (optimizer) => {
    const { losses } = await run({ config: { ...config, optimizer, lr: 0.001 } });
    expect(losses.at(-1)).toBeLessThan(losses[0] as number);
  });

  it("saves the model after each epoch", async () => {
    const { saved } = await run();
    expect(saved.length).toBe(2);
    expect(saved[0]).not.toEqual(saved[1]);
  });
});

describe("an interrupt", () => {
  it("ends the run after the running step, with the model saved", async () => {
    const { names, events, saved, error } = await run({}, (event, interrupt) => {
      if (event.event === "step" && event.step === 2) interrupt();
    });
    expect(error).toBeNull();
    expect(names).toEqual(["start", "step", "step", "done"]);
    expect(events.at(-1)).toEqual({ event: "done", model: "/model-1", interrupted: true });
    expect(saved.length).toBe(1);
  });

  it("during a test gives up the test", async () => {
    const { names, events } = await run({ testData: tinyImages(450, { salt: 2 }) }, (event, interrupt) => {
      if (event.event === "test") interrupt();
    });
    expect(names.slice(-3)).toEqual(["step", "test", "done"]);
    expect(events.at(-1)).toMatchObject({ interrupted: true });
  });

  it("after an epoch's last step still tells of the epoch", async () => {
    const { names } = await run({ testData: null }, (event, interrupt) => {
      if (event.event === "step" && event.step === 5) interrupt();
    });
    expect(names.slice(-3)).toEqual(["step", "epoch", "done"]);
  });

  it("when all is done changes nothing", async () => {
    const { events } = await run({ testData: null }, (event, interrupt) => {
      if (event.event === "epoch" && event.epoch === 2) interrupt();
    });
    expect(events.at(-1)).toEqual({ event: "done", model: "/model-2" });
  });
});

/** The same images, but for those of one batch, which are no numbers. */
function spoiled(batch: number): LabelledImages {
  let count = 0;
  const spoil = (image: Tensor): Tensor => (++count === batch ? image.mul(Number.NaN) : image);
  return {
    length: trainData.length,
    getItem: (index) => trainData.getItem(index),
    getItems: (indices) => {
      const [images, targets] = trainData.getItems?.(indices) ?? [];
      return [spoil(images as Tensor), targets as Tensor];
    },
  };
}

describe("a loss that is no number", () => {
  it("stops the run at that step and saves the last model that was good", async () => {
    manualSeed(config.seed);
    const untrained = parametersOf(new Model());
    const { error, losses, saved } = await run({ config: { ...config, lr: 1e30 } });
    expect(error).toBeInstanceOf(DivergenceError);
    expect((error as Error).message).toMatch(
      /^The loss is (NaN|Infinity) at step 2 of epoch 1.*saved in \/model-1\. Try a lower learning rate than --lr 1e\+30/,
    );
    expect(losses.length).toBe(1);
    expect(saved).toEqual([untrained]);
  });

  it("keeps the model of the last epoch", async () => {
    const { error, epochs, saved } = await run({ trainData: spoiled(7) });
    expect((error as Error).message).toMatch(/^The loss is NaN at step 2 of epoch 2.*saved in \/model-1/);
    expect(epochs.length).toBe(1);
    expect(saved.length).toBe(1);
  });

  it("is found on the test images too", async () => {
    const { error, saved } = await run({ config: { ...config, lr: 1e30, batchSize: 72 } });
    expect((error as Error).message).toMatch(/^The loss on the test images is (NaN|Infinity) at step 1 of epoch 1/);
    expect(saved.flat(2).every(Number.isFinite)).toBe(true);
  });

  it("is foreseen when a weight is no number", async () => {
    const { error, saved } = await run({ config: { ...config, lr: 1e40, batchSize: 72 }, testData: null });
    expect((error as Error).message).toMatch(/^A weight is no finite number at step 1 of epoch 1/);
    expect(saved.flat(2).every(Number.isFinite)).toBe(true);
  });
});
