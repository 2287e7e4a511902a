import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CIFAR10 } from "@kindling/datasets";
import type { DataOptions, ImageSource } from "../data.js";
import { type Directories, showPath } from "../directories.js";
import { CommandLineError, ProgramError } from "../errors.js";
import { catchSignals } from "../interrupt.js";
import { Model } from "../model.js";
import { saveModel } from "../model-file.js";
import { cifar10Normalization } from "../preprocessing.js";
import { resolveConfig, type TrainOverrides } from "../presets.js";
import { createReporter } from "../report/reporter.js";
import { makeDirectory, makeNewDirectory, runName } from "../run-directory.js";
import { train } from "../train.js";

export interface TrainOptions extends TrainOverrides, Pick<DataOptions, "data" | "download"> {
  /** Default: a new directory in `runs/`. */
  readonly out?: string;
  readonly json?: boolean;
  readonly logSteps?: boolean;
}

/** `cifar-trainer train` */
export async function runTrain(options: TrainOptions, { user, home }: Directories, images: ImageSource): Promise<void> {
  const { json = false, logSteps = false } = options;
  if (logSteps && !json) throw new CommandLineError("--log-steps needs --json");
  const config = resolveConfig(options);
  const normalization = config.normalizes ? cifar10Normalization : null;
  const data = { ...options, limit: config.limit };
  const trainData = await images(config.split, data, { normalization });
  const testData = config.evaluates ? await images("test", data, { normalization }) : null;
  if (config.dropLast && trainData.length < config.batchSize) {
    throw new CommandLineError(
      `${trainData.length} images make no batch of ${config.batchSize}; raise --limit or lower --batch-size`,
    );
  }

  const directory = await (options.out === undefined
    ? makeNewDirectory(join(home, "runs", `${runName(new Date())}-${config.preset}`))
    : makeDirectory(options.out));
  const file = join(directory, "model.safetensors");
  const notes = { preset: config.preset, seed: String(config.seed) };
  const saveTo = async (path: string, model: Model): Promise<string> => {
    await saveModel(path, { model, classes: CIFAR10.classes, normalization }, notes);
    return path;
  };
  await checkSaving(`${file}.try`, saveTo);

  const wording = { showPath: (path: string) => showPath(path, user), program: programName(user) };
  const reporter = createReporter(process.stdout, { json, logSteps, ...wording });
  const interrupt = catchSignals(() => {
    reporter.stop();
    process.stderr.write("Finishing the running step and saving the model. Once more ends at once.\n");
  });
  // Nobody reads on, as behind `| head`: then the run is over too, with its model saved.
  process.stdout.on("error", interrupt.request);
  try {
    const { signal } = interrupt;
    const save = (model: Model) => saveTo(file, model).catch((error: Error) => rescue(error, model, saveTo));
    for await (const event of train({ config, trainData, testData, signal, save })) reporter.report(event);
  } finally {
    reporter.stop();
    interrupt.release();
  }
}

function programName(user: string): string {
  return `node ${showPath(process.argv[1] ?? "cifar-trainer", user)}`;
}

/** Saves a model that cannot be saved where it should be, as on a full disk, where there may still be room. */
async function rescue(
  reason: Error,
  model: Model,
  save: (path: string, model: Model) => Promise<string>,
): Promise<never> {
  const path = join(tmpdir(), `cifar-trainer-${runName(new Date())}-${process.pid}.safetensors`);
  await save(path, model).catch(() => Promise.reject(reason));
  throw new ProgramError(`${reason.message}. For now the model is saved in ${path}`, { cause: reason });
}

/** Saves a network that is not trained yet, to learn before the training, not after it, if there is room for it. */
async function checkSaving(path: string, save: (path: string, model: Model) => Promise<unknown>): Promise<void> {
  await save(path, new Model());
  await rm(path);
}
