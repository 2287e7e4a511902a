import "@kindling/autograd";
import { setImmediate } from "node:timers/promises";
import { DataLoader } from "@kindling/datasets";
import { backendInfo } from "@kindling/kernels";
import { CrossEntropyLoss } from "@kindling/losses";
import { manualSeed } from "@kindling/tensor";
import { DivergenceError } from "./errors.js";
import { type Evaluation, evaluate, type LabelledImages } from "./evaluate.js";
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
  let goodLoss = Number.POSITIVE_INFINITY;
  let saved: string | null = null;

  const stopDiverged = async (what: string, epoch: number, step: number): Promise<never> => {
    if (saved === null) {
      good.restore();
      saved = await save(model);
    }
    throw new DivergenceError(what, { epoch, step, lr: config.lr, model: saved });
  };

  const { backend, isa, threads, reason } = backendInfo();
  const kernels = { backend, isa, threads, ...(reason === undefined ? {} : { reason }) };
  const sizes = { trainImages: trainData.length, testImages: testData?.length ?? 0, stepsPerEpoch: loader.length };
  yield { event: "start", ...config, ...kernels, ...sizes };

  for (let epoch = 1; epoch <= epochs; epoch++) {
    const start = performance.now();
    let lossSum = 0;
    let step = 0;
    let images = 0;
    for (const [batch, targets] of loader) {
      step++;
      optimizer.zeroGrad();
      const loss = criterion.forward(model.forward(batch), targets);
      const value = loss.item();
      if (!Number.isFinite(value)) await stopDiverged(`The loss is ${value}`, epoch, step);
      if (step === 1 && epoch === 1) goodLoss = value;
      if (saved === null && value <= goodLoss) good.update();
      loss.backward();
      optimizer.step();
      scheduler.step();
      lossSum += value;
      images += targets.numel();
      yield { event: "step", epoch, step, loss: value };
      await setImmediate(); // lets signals in
      if (signal.aborted) break;
    }
    const seconds = (performance.now() - start) / 1000;
    if (!hasFiniteParameters(model)) await stopDiverged("A weight is no finite number", epoch, step);

    let test: Evaluation | null = null;
    if (testData !== null && !signal.aborted) {
      const testing = evaluate(model, testData);
      let progress = testing.next();
      for (; progress.done !== true && !signal.aborted; progress = testing.next()) {
        yield { event: "test", epoch, images: progress.value };
        await setImmediate();
      }
      if (progress.done === true) test = progress.value;
      if (test !== null && !Number.isFinite(test.loss)) {
        await stopDiverged(`The loss on the test images is ${test.loss}`, epoch, step);
      }
    }

    saved = await save(model);
    const isWhole = step === loader.length && (testData === null || test !== null);
    if (isWhole) {
      const result = { testLoss: test?.loss ?? null, testAccuracy: test?.accuracy ?? null };
      yield {
        event: "epoch",
        epoch,
        lossSum,
        loss: lossSum / step,
        ...result,
        imagesPerSecond: images / seconds,
        seconds,
      };
    }
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
