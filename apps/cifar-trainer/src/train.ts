import "@kindling/autograd";
import { setImmediate } from "node:timers/promises";
import { DataLoader } from "@kindling/datasets";
import { backendInfo } from "@kindling/kernels";
import { CrossEntropyLoss } from "@kindling/losses";
import { manualSeed } from "@kindling/tensor";
import { DivergenceError } from "./errors.js";
import { evaluate, type LabelledImages } from "./evaluate.js";
import type { TrainingEvent } from "./events.js";
import { Model } from "./model.js";
import { createOptimizer, createScheduler } from "./optimizer.js";
import { ParameterCopy } from "./parameter-copy.js";
import type { TrainConfig } from "./presets.js";

export interface TrainingJob {
  readonly config: TrainConfig;
  readonly trainData: LabelledImages;
  /** Classified after each epoch; null for no test. */
  readonly testData: LabelledImages | null;
  /** Once aborted, the run ends after the running step. */
  readonly signal: AbortSignal;
  /** Stores the model, and resolves to the file's absolute path. */
  save(model: Model): Promise<string>;
}

/**
 * Trains a new network. Yields what happens; the model is saved after each epoch, and when the run ends early.
 *
 * @throws DivergenceError when the loss is no finite number. The file then holds the model of the last epoch; in the
 * first epoch, the last one that was no worse than the untrained network.
 */
export async function* train(job: TrainingJob): AsyncGenerator<TrainingEvent, void, void> {
  const { config, trainData, testData, signal, save } = job;
  const { batchSize, dropLast, epochs } = config;
  // The order matters: the same seed gives the tutorial's network, then its order of images.
  manualSeed(config.seed);
  const model = new Model();
  const loader = new DataLoader(trainData, { batchSize, shuffle: true, dropLast });
  const optimizer = createOptimizer(model.parameters(), config);
  const scheduler = createScheduler(optimizer, config, epochs * loader.length);
  const criterion = new CrossEntropyLoss();
  const good = new ParameterCopy(model);
  let goodLoss: number | null = null;
  let saved: string | null = null;

  /** Saves what is good, and throws. */
  async function diverge(what: string, epoch: number, step: number): Promise<never> {
    if (saved === null) {
      good.restore();
      saved = await save(model);
    }
    throw new DivergenceError(what, { epoch, step, lr: config.lr, model: saved });
  }

  async function* trainEpoch(epoch: number) {
    const start = performance.now();
    let [steps, images, lossSum] = [0, 0, 0];
    for (const [batch, targets] of loader) {
      steps++;
      optimizer.zeroGrad();
      const loss = criterion.forward(model.forward(batch), targets);
      const value = loss.item();
      if (!Number.isFinite(value)) await diverge(`The loss is ${value}`, epoch, steps);
      goodLoss ??= value;
      if (saved === null && value <= goodLoss) good.update();
      loss.backward();
      optimizer.step();
      scheduler.step();
      lossSum += value;
      images += targets.numel();
      yield { event: "step", epoch, step: steps, loss: value } as const;
      await setImmediate(); // lets signals in
      if (signal.aborted) break;
    }
    const seconds = (performance.now() - start) / 1000;
    if (!hasFiniteParameters(model)) await diverge("A weight is no finite number", epoch, steps);
    return { steps, lossSum, loss: lossSum / steps, imagesPerSecond: images / seconds, seconds };
  }

  /** Null if a signal ended the test. */
  async function* testEpoch(epoch: number, data: LabelledImages) {
    const testing = evaluate(model, data);
    for (let progress = testing.next(); ; progress = testing.next()) {
      if (progress.done === true) return progress.value;
      yield { event: "test", epoch, images: progress.value } as const;
      await setImmediate();
      if (signal.aborted) return null;
    }
  }

  const { backend, isa, threads, reason } = backendInfo();
  const kernels = { backend, isa, threads, ...(reason === undefined ? {} : { reason }) };
  const sizes = { trainImages: trainData.length, testImages: testData?.length ?? 0, stepsPerEpoch: loader.length };
  yield { event: "start", ...config, ...kernels, ...sizes };

  for (let epoch = 1; epoch <= epochs; epoch++) {
    const { steps, lossSum, loss, ...pace } = yield* trainEpoch(epoch);
    const test = testData === null || signal.aborted ? null : yield* testEpoch(epoch, testData);
    if (test !== null && !Number.isFinite(test.loss)) {
      await diverge(`The loss on the test images is ${test.loss}`, epoch, steps);
    }
    saved = await save(model);
    const isWhole = steps === loader.length && (testData === null || test !== null);
    const tested = { testLoss: test?.loss ?? null, testAccuracy: test?.accuracy ?? null };
    if (isWhole) yield { event: "epoch", epoch, lossSum, loss, ...tested, ...pace };
    if (signal.aborted && !(isWhole && epoch === epochs)) {
      yield { event: "done", model: saved, interrupted: true };
      return;
    }
  }
  if (saved !== null) yield { event: "done", model: saved };
}

function hasFiniteParameters(model: Model): boolean {
  for (const parameter of model.parameters()) if (parameter.isfinite().all().item() === 0) return false;
  return true;
}
