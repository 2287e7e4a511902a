import { availableParallelism } from "node:os";
import type { LoadedBackend } from "./backend.js";
import { loadNative } from "./native.js";
import { loadWasm } from "./wasm-node.js";

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error)).split("\n", 1)[0];

/** The backend that KINDLING_BACKEND names, else native if its addon loads, else WebAssembly. */
export function loadBackend(): LoadedBackend {
  const wanted = process.env.KINDLING_BACKEND || undefined;
  if (wanted === "wasm") return { ...loadWasm(), reason: "KINDLING_BACKEND=wasm asks for it" };
  if (wanted !== undefined && wanted !== "native") {
    throw new Error(`KINDLING_BACKEND: expected "native" or "wasm", got "${wanted}"`);
  }
  try {
    return loadNative();
  } catch (cause) {
    if (wanted === "native") {
      const fix = "build it with a C++ compiler (pnpm build), or unset KINDLING_BACKEND to use WebAssembly";
      throw new Error(`KINDLING_BACKEND=native: the addon does not load: ${messageOf(cause)}; ${fix}`, { cause });
    }
    return { ...loadWasm(), reason: `the native addon does not load: ${messageOf(cause)}` };
  }
}

/** KINDLING_NUM_THREADS as given, or undefined. */
export function threadsWanted(): string | undefined {
  return process.env.KINDLING_NUM_THREADS || undefined;
}

export function hardwareThreads(): number {
  return availableParallelism();
}
