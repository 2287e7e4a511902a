import { CIFAR10 } from "@kindling/datasets";
import { loadSafetensors, saveSafetensors } from "@kindling/serialization";
import { DataError, KindlingError } from "@kindling/tensor";
import { Model } from "./model.js";
import type { Preprocessing } from "./preprocessing.js";

/** A network with all that is needed to apply it. */
export interface TrainedModel extends Preprocessing {
  readonly model: Model;
  readonly classes: readonly string[];
}

const architecture = "cifar10-tutorial";

/** Writes a model that `loadModel` reads; `notes` are stored beside it for people to read. */
export async function saveModel(
  file: string,
  { model, classes, normalization }: TrainedModel,
  notes: Readonly<Record<string, string>>,
): Promise<void> {
  const metadata = {
    ...notes,
    format: "pt",
    architecture,
    classes: JSON.stringify(classes),
    normalization: JSON.stringify(normalization),
  };
  await saveSafetensors(model.stateDict(), file, { metadata });
}

/**
 * Reads a model. A file without our metadata, such as PyTorch writes, counts as one of the tutorial: ten classes of
 * CIFAR-10, images from 0 to 1.
 *
 * @throws DataError that names the file when it is missing, damaged, or holds another network.
 */
export async function loadModel(file: string): Promise<TrainedModel> {
  const { tensors, metadata } = await loadSafetensors(file);
  if (metadata.architecture !== undefined && metadata.architecture !== architecture) {
    throw new DataError(`${file}: expected a model of architecture "${architecture}", got "${metadata.architecture}"`);
  }
  const model = new Model();
  try {
    model.loadStateDict(tensors);
  } catch (cause) {
    if (!(cause instanceof KindlingError)) throw cause;
    throw new DataError(`${file}: this model does not fit the tutorial network. ${cause.message}`, { cause });
  }
  const classes = readMetadata(file, "classes", metadata.classes, isClassNames) ?? CIFAR10.classes;
  const normalization = readMetadata(file, "normalization", metadata.normalization, isNormalization) ?? null;
  return { model, classes, normalization };
}

function readMetadata<T>(
  file: string,
  name: string,
  text: string | undefined,
  is: (value: unknown) => value is T,
): T | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (is(value)) return value;
  } catch {
    // Reported below, with the file's name.
  }
  throw new DataError(`${file}: the metadata "${name}" are damaged: ${text.slice(0, 200)}`);
}

function isClassNames(value: unknown): value is string[] {
  return (
    Array.isArray(value) && value.length === CIFAR10.classes.length && value.every((name) => typeof name === "string")
  );
}

function isNormalization(value: unknown): value is Preprocessing["normalization"] {
  if (value === null) return true;
  if (typeof value !== "object" || !("mean" in value) || !("std" in value)) return false;
  const isPerChannel = (list: unknown): list is number[] =>
    Array.isArray(list) && list.length === 3 && list.every(Number.isFinite);
  return isPerChannel(value.mean) && isPerChannel(value.std) && !value.std.includes(0);
}
