import type { StateDict } from "@kindling/nn";
import { DataError } from "@kindling/tensor";
import { fromSafetensors, type SafetensorsContent, type SafetensorsOptions, toSafetensors } from "./safetensors.js";

// The module with Node's imports is loaded when a file is named, so that this package also works where there are none.

/**
 * Writes tensors to a safetensors file. The tensors' values are taken before the call returns its promise: what changes later,
 * say by the next training step, does not reach the file. The file appears whole or not at all; an older one stays until then.
 *
 * Options: `metadata` (default none).
 * @throws DataError if the file cannot be written, UsageError as `toSafetensors`.
 * @example
 * const model = new Linear(3, 2);
 * await saveSafetensors(model.stateDict(), "model.safetensors");
 * const { tensors } = await loadSafetensors("model.safetensors");
 * model.loadStateDict(tensors);
 * tensors.weight?.shape; // → [2, 3]
 */
export async function saveSafetensors(
  tensors: StateDict,
  file: string,
  options: SafetensorsOptions = {},
): Promise<void> {
  const bytes = toSafetensors(tensors, options);
  const { writeAtomically } = await import("./files.js");
  await writeAtomically(file, bytes);
}

/**
 * Reads a safetensors file; see `fromSafetensors` for element types.
 *
 * @throws DataError that names the file.
 * @example
 * await saveSafetensors({ weight: eye(2) }, "weight.safetensors");
 * (await loadSafetensors("weight.safetensors")).tensors.weight; // → [[1, 0], [0, 1]]
 */
export async function loadSafetensors(file: string): Promise<SafetensorsContent> {
  const { readWhole } = await import("./files.js");
  const bytes = await readWhole(file);
  return named(file, () => fromSafetensors(bytes));
}

/** Runs `parse`, and names the file in what it throws about its content. */
export function named<T>(file: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    if (cause instanceof DataError) throw new DataError(`${file}: ${cause.message}`, { cause });
    throw cause;
  }
}
