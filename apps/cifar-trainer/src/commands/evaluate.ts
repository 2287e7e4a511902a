import { setImmediate } from "node:timers/promises";
import type { DataOptions, ImageSource } from "../data.js";
import { evaluate } from "../evaluate.js";
import { loadModel } from "../model-file.js";
import { Bar, timeLeft } from "../report/bar.js";
import { evaluationLines, toEvaluationEvent } from "../report/evaluation.js";
import { isTerminal } from "../report/reporter.js";

export interface EvaluateOptions extends DataOptions {
  readonly json?: boolean;
}

/** `cifar-trainer evaluate` */
export async function runEvaluate(file: string, options: EvaluateOptions, source: ImageSource): Promise<void> {
  const { json = false } = options;
  const { model, classes, ...preprocessing } = await loadModel(file);
  const images = await source("test", options, preprocessing);
  const bar = new Bar(process.stderr, {
    columns: 40,
    before: () => "testing",
    after: (state) => [timeLeft(state)],
  });
  if (!json && isTerminal(process.stderr)) bar.start(images.length);
  const testing = evaluate(model, images);
  let progress = testing.next();
  for (; progress.done !== true; progress = testing.next()) {
    bar.update(progress.value);
    await setImmediate();
  }
  bar.stop();
  const event = toEvaluationEvent(file, classes, progress.value);
  process.stdout.write(json ? `${JSON.stringify(event)}\n` : `${evaluationLines(event).join("\n")}\n`);
}
