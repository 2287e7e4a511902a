import { CommandLineError } from "./errors.js";

export type OptimizerName = "sgd" | "adam" | "adamw";
/** `linear`: the learning rate falls in a straight line, to 0 after the last step. */
export type Schedule = "constant" | "linear";

/** All that decides the outcome of a training run, besides the images. */
export interface TrainConfig {
  readonly preset: PresetName;
  /** The split to train on. */
  readonly split: "train" | "test";
  /** Whether the test images are classified after each epoch. */
  readonly evaluates: boolean;
  /** Whether images are shifted and scaled to mean 0 and deviation 1 per channel, besides to the range 0 to 1. */
  readonly normalizes: boolean;
  readonly epochs: number;
  readonly batchSize: number;
  /** Whether a last batch that is not full is left out. */
  readonly dropLast: boolean;
  readonly optimizer: OptimizerName;
  readonly lr: number;
  /** 0 for optimizers without one. */
  readonly momentum: number;
  readonly weightDecay: number;
  readonly schedule: Schedule;
  readonly seed: number;
  /** How many of the first images of each split are used; null for all. */
  readonly limit: number | null;
}

/** What a command line may change of a preset. */
export interface TrainOverrides {
  readonly preset?: PresetName;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly optimizer?: OptimizerName;
  readonly lr?: number;
  readonly momentum?: number;
  readonly weightDecay?: number;
  readonly seed?: number;
  readonly limit?: number;
}

const presets = {
  /** Learns well in five epochs. */
  default: {
    split: "train",
    evaluates: true,
    normalizes: true,
    epochs: 5,
    batchSize: 64,
    dropLast: false,
    optimizer: "sgd",
    lr: 0.01,
    momentum: 0.9,
    weightDecay: 0,
    schedule: "linear",
    seed: 0,
    limit: null,
  },
  /** The PyTorch tutorial to the letter. */
  tutorial: {
    split: "test",
    evaluates: false,
    normalizes: false,
    epochs: 10,
    batchSize: 64,
    dropLast: true,
    optimizer: "sgd",
    lr: 0.001,
    momentum: 0,
    weightDecay: 0,
    schedule: "constant",
    seed: 0,
    limit: null,
  },
} as const satisfies Record<string, Omit<TrainConfig, "preset">>;

export type PresetName = keyof typeof presets;
export const presetNames = Object.keys(presets) as PresetName[];

/** Each optimizer's own defaults, PyTorch's, for when a preset means another one. */
const optimizerDefaults: Readonly<
  Record<OptimizerName, Pick<TrainConfig, "lr" | "momentum" | "weightDecay" | "schedule">>
> = {
  sgd: { lr: 0.001, momentum: 0, weightDecay: 0, schedule: "constant" },
  adam: { lr: 0.001, momentum: 0, weightDecay: 0, schedule: "constant" },
  adamw: { lr: 0.001, momentum: 0, weightDecay: 0.01, schedule: "constant" },
};
export const optimizerNames = Object.keys(optimizerDefaults) as OptimizerName[];

/**
 * The preset with what the command line says otherwise. A learning rate that suits one optimizer ruins another, so
 * those of a preset count only with its optimizer.
 *
 * @throws CommandLineError for options that do not go together.
 */
export function resolveConfig(overrides: TrainOverrides): TrainConfig {
  const name = overrides.preset ?? "default";
  const preset: Omit<TrainConfig, "preset"> = presets[name];
  const optimizer = overrides.optimizer ?? preset.optimizer;
  if (overrides.momentum !== undefined && optimizer !== "sgd") {
    throw new CommandLineError(`--momentum belongs to --optimizer sgd; ${optimizer} has none`);
  }
  const steps = optimizer === preset.optimizer ? preset : optimizerDefaults[optimizer];
  return {
    ...preset,
    preset: name,
    epochs: overrides.epochs ?? preset.epochs,
    batchSize: overrides.batchSize ?? preset.batchSize,
    optimizer,
    lr: overrides.lr ?? steps.lr,
    momentum: overrides.momentum ?? steps.momentum,
    weightDecay: overrides.weightDecay ?? steps.weightDecay,
    schedule: steps.schedule,
    seed: overrides.seed ?? preset.seed,
    limit: overrides.limit ?? preset.limit,
  };
}

/** The value of a setting in every preset, for the help: `5, tutorial: 10`. */
export function describeDefault(setting: keyof Omit<TrainConfig, "preset">): string {
  const values = presetNames.map((name) => String(presets[name][setting]));
  const [first = ""] = values;
  return values.every((value) => value === first) ? first : `${first}; tutorial: ${values[1]}`;
}
