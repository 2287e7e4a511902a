import { DataError, type Tensor, UsageError } from "@kindling/tensor";
import type { SafetensorsContent, SafetensorsOptions } from "./safetensors.js";
import { loadSafetensors, named, saveSafetensors } from "./safetensors-file.js";
import { attachTensors, detachTensors } from "./tensor-tree.js";

/** What an optimizer's `stateDict()` gives: a state for each parameter by its position, and the groups' options. */
export interface OptimizerStateDict {
  state: Record<number, Record<string, Tensor | number | null | readonly Tensor[] | readonly number[]>>;
  paramGroups: { params: number[] }[];
}

/** Where the metadata of a file hold what is no tensor. */
const metadataKey = "kindling.optimizer";

/**
 * An optimizer's state as tensors with names such as `state.0.expAvg`, and everything else as text in the metadata.
 *
 * @throws UsageError if an option is neither plain data nor a tensor.
 * @example
 * const weight = ones(2, { requiresGrad: true });
 * const adam = new Adam([weight]);
 * weight.sum().backward();
 * adam.step();
 * Object.keys(optimizerStateToTensors(adam.stateDict()).tensors); // → ["state.0.expAvg", "state.0.expAvgSq"]
 */
export function optimizerStateToTensors(state: OptimizerStateDict): SafetensorsContent {
  const { json, tensors } = detachTensors(state);
  return { tensors: Object.fromEntries(tensors), metadata: { [metadataKey]: json } };
}

/**
 * The state that `optimizerStateToTensors` took apart. `State` is what the optimizer's `loadStateDict` takes; the optimizer itself
 * checks whether the state is one of its kind.
 *
 * @throws DataError if it is not the state of an optimizer.
 * @example
 * const sgd = new SGD([ones(2, { requiresGrad: true })], { lr: 0.1 });
 * const content = optimizerStateToTensors(sgd.stateDict());
 * sgd.loadStateDict(optimizerStateFromTensors(content));
 * sgd.paramGroups[0]?.lr; // → 0.1
 */
export function optimizerStateFromTensors<State extends OptimizerStateDict = OptimizerStateDict>(
  content: SafetensorsContent,
): State {
  const json = content.metadata[metadataKey];
  if (json === undefined) throw new DataError("not the state of an optimizer; was it saved by saveOptimizer?");
  const state = attachTensors(json, content.tensors);
  if (!isOptimizerState(state)) throw new DataError("the state of the optimizer is damaged");
  return state as State;
}

/**
 * Saves an optimizer, or the state that its `stateDict()` gave, as a safetensors file: nothing is lost or rounded. The values are
 * taken, and the file is written, as by `saveSafetensors`.
 *
 * Options: `metadata` (default none), text to store along.
 * @throws DataError if the file cannot be written.
 * @example
 * const sgd = new SGD([ones(2, { requiresGrad: true })], { lr: 0.1 });
 * await saveOptimizer(sgd, "sgd.safetensors", { metadata: { epoch: "3" } });
 * (await loadSafetensors("sgd.safetensors")).metadata.epoch; // → "3"
 */
export async function saveOptimizer(
  optimizer: { stateDict(): OptimizerStateDict } | OptimizerStateDict,
  file: string,
  options: SafetensorsOptions = {},
): Promise<void> {
  if (options.metadata !== undefined && Object.hasOwn(options.metadata, metadataKey)) {
    throw new UsageError(`saveOptimizer: the metadata ${metadataKey} is reserved`);
  }
  const state = "stateDict" in optimizer ? optimizer.stateDict() : optimizer;
  const { tensors, metadata } = optimizerStateToTensors(state);
  await saveSafetensors(tensors, file, { metadata: { ...options.metadata, ...metadata } });
}

/**
 * Reads what `saveOptimizer` wrote, for `loadStateDict` of an optimizer of the same kind and as many parameters.
 *
 * @throws DataError that names the file.
 * @example
 * const weight = ones(2, { requiresGrad: true });
 * const adam = new Adam([weight], { lr: 0.01 });
 * await saveOptimizer(adam, "adam.safetensors");
 * adam.loadStateDict(await loadOptimizerState("adam.safetensors"));
 * adam.paramGroups[0]?.lr; // → 0.01
 */
export async function loadOptimizerState<State extends OptimizerStateDict = OptimizerStateDict>(
  file: string,
): Promise<State> {
  const content = await loadSafetensors(file);
  return named(file, () => optimizerStateFromTensors<State>(content));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function isOptimizerState(value: unknown): value is OptimizerStateDict {
  if (!isRecord(value) || !isRecord(value.state) || !Array.isArray(value.paramGroups)) return false;
  return (
    Object.values(value.state).every(isRecord) &&
    value.paramGroups.every(
      (group) => isRecord(group) && Array.isArray(group.params) && group.params.every(Number.isInteger),
    )
  );
}
