import { join, resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import type { EvaluateOptions } from "./commands/evaluate.js";
import type { PredictOptions } from "./commands/predict.js";
import type { TrainOptions } from "./commands/train.js";
import type { Directories } from "./directories.js";
import { describeDefault, optimizerNames, presetNames } from "./presets.js";

/** Where the computing is done. It has to be known before the kernels are loaded. */
export interface KernelOptions {
  readonly backend?: "native" | "wasm";
  readonly threads?: number;
}

/** What the commands do. */
export interface Actions {
  train(options: TrainOptions & KernelOptions): Promise<void>;
  evaluate(model: string, options: EvaluateOptions & KernelOptions): Promise<void>;
  predict(model: string, images: string[], options: PredictOptions & KernelOptions): Promise<void>;
}

/** The program's commands, options and help. Paths on the command line are relative to where the person stands. */
export function createProgram(actions: Actions, directories: Directories): Command {
  const toPath = (path: string): string => resolve(directories.user, path);
  const program = new Command("cifar-trainer")
    .description("Trains, evaluates and applies the CIFAR-10 tutorial network.")
    .showHelpAfterError("(--help tells what is possible)")
    .exitOverride();

  const dataOption = () =>
    new Option("--data <dir>", "directory of CIFAR-10; the data set is fetched into it if it holds none")
      .argParser(toPath)
      .default(join(directories.home, "data"), "data/ in the repository");
  const downloadOptions = () => [
    new Option("--download", "fetch again what is damaged or missing there"),
    new Option("--no-download", "never fetch anything"),
  ];
  const limitOption = () =>
    new Option("--limit <n>", "use only the first n images of each split").argParser(wholeNumber(1));
  const jsonOption = () => new Option("--json", "print JSON lines, for programs");
  const kernelOptions = () => [
    new Option("--backend <name>", "kernels to compute with (default: native where they are built)").choices([
      "native",
      "wasm",
    ]),
    new Option("--threads <n>", "threads to compute with (default: one per core)").argParser(wholeNumber(1, 64)),
  ];
  const add = (command: Command, ...options: Option[]): Command => {
    for (const option of options) command.addOption(option);
    return command;
  };

  const train = program.command("train").description("train the network, and save it as safetensors");
  add(
    train,
    new Option("--preset <name>", "settings to start from").choices(presetNames).default("default"),
    dataOption(),
    ...downloadOptions(),
    setting("--epochs <n>", "passes over the images", "epochs").argParser(wholeNumber(1)),
    setting("--batch-size <n>", "images per step", "batchSize").argParser(wholeNumber(1)),
    setting("--optimizer <name>", "rule of the steps", "optimizer").choices(optimizerNames),
    setting("--lr <number>", "learning rate", "lr").argParser(number(0, "0.01")),
    setting("--momentum <number>", "momentum of SGD", "momentum").argParser(number(0, "0.9")),
    setting("--weight-decay <number>", "pull of the weights towards 0", "weightDecay").argParser(number(0, "0.0005")),
    setting("--seed <n>", "start of the random numbers", "seed").argParser(wholeNumber(0)),
    limitOption(),
    new Option("--out <dir>", "directory for model.safetensors (default: a new one in runs/)").argParser(toPath),
    ...kernelOptions(),
    jsonOption(),
    new Option("--log-steps", "with --json, print a line for every step too"),
  )
    .action((options) => actions.train(options))
    .addHelpText("after", trainHelp);

  const evaluate = program
    .command("evaluate")
    .description("tell how many of the test images a model recognises, overall and per class")
    .argument("<model>", "a model.safetensors that train has saved", toPath);
  add(evaluate, dataOption(), ...downloadOptions(), limitOption(), ...kernelOptions(), jsonOption())
    .action((model, options) => actions.evaluate(model, options))
    .addHelpText("after", evaluateHelp);

  const predict = program
    .command("predict")
    .description("tell what images show")
    .argument("<model>", "a model.safetensors that train has saved", toPath)
    .argument("<images...>", "PNG or JPEG files of any size");
  add(
    predict,
    new Option("--top <n>", "how many classes to show, most probable first").argParser(wholeNumber(1)).default(3),
    ...kernelOptions(),
    jsonOption(),
  )
    .action((model, images: string[], options) => actions.predict(model, images.map(toPath), options))
    .addHelpText("after", predictHelp);

  return program.addHelpText("after", programHelp);
}

function setting(flags: string, meaning: string, name: Parameters<typeof describeDefault>[0]): Option {
  return new Option(flags, `${meaning} (default: ${describeDefault(name)})`);
}

function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const range = most < Number.MAX_SAFE_INTEGER ? `from ${least} to ${most}` : `of at least ${least}`;
  return (text) => {
    const value = parse(text);
    if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Expected a whole number ${range}.`);
  };
}

function number(least: number, example: string): (text: string) => number {
  return (text) => {
    const value = parse(text);
    if (Number.isFinite(value) && value >= least) return value;
    throw new InvalidArgumentError(`Expected a number of at least ${least}, such as ${example}.`);
  };
}

function parse(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text);
}

const programHelp = `
Examples:
  cifar-trainer train                             learn in five epochs what the images show
  cifar-trainer train --preset tutorial           the PyTorch tutorial, number for number
  cifar-trainer evaluate runs/NAME/model.safetensors
  cifar-trainer predict runs/NAME/model.safetensors cat.png

"cifar-trainer train --help" explains all options. In a clone of the repository, "npm start -- OPTIONS" sets up what is
missing and trains; "node apps/cifar-trainer/dist/cli.js" is this program.`;

const trainHelp = `
Presets:
  default    Learns on the 50,000 training images, normalised, and tells after each epoch how many of the 10,000 test
             images it recognises. Its learning rate falls to 0 in a straight line. About 71 % in the end.
  tutorial   The PyTorch tutorial to the letter: learns on the test images, as they are, leaves the last batch out if it
             is not full, and tells the sum of the losses of each epoch. With --seed 0 the first is 359.51418.

Examples:
  cifar-trainer train --limit 2000 --epochs 1     a first look, in seconds
  cifar-trainer train --epochs 10 --out my-model  longer, saved as my-model/model.safetensors
  cifar-trainer train --optimizer adam --lr 0.001
  cifar-trainer train --json --log-steps > log    a line of JSON for every step

Ctrl-C ends the training after the running step and saves the model; a second Ctrl-C ends it at once.
With equal options and seed a run gives the same numbers again, whatever the number of threads.`;

const evaluateHelp = `
Example:
  cifar-trainer evaluate runs/NAME/model.safetensors

The model's file says how images are to be prepared. A state dict that PyTorch has saved as safetensors will do too; its
images are scaled to 0…1 only.`;

const predictHelp = `
Example:
  cifar-trainer predict runs/NAME/model.safetensors cat.png ship.png --top 10

Images are scaled to 32×32 pixels. Grey, palette and 16-bit images will do; transparency is ignored.`;
