import type { Memory } from "./memory.js";
import * as tables from "./table.js";
import { type KernelName, type Kernels, table } from "./table.js";
import { hashOfTables } from "./table-hash.js";

/** Float64 numbers that kernels can read: where shapes and strides are written before a call. */
export interface MetaBlock {
  readonly address: number;
  /** The numbers; ask again after an allocation, for WebAssembly's memory may have grown. */
  view(): Float64Array;
}

export const metaBlockLength = 1024;

/** One set of kernels and the memory that they work on. */
export interface Backend {
  readonly name: "native" | "wasm";
  /** The instruction set: `base`, `avx2`, `avx512`, `neon` or `wasm`. */
  readonly isa: string;
  readonly kernels: Kernels;
  readonly memory: Memory;
  readonly metaBlock: MetaBlock;
}

/** A backend as its loader returns it, with what only this package needs. */
export interface LoadedBackend extends Backend {
  /** Path of the native addon. */
  readonly addon?: string;
  /** Why the native addon was not taken. */
  readonly reason?: string;
  readonly wasmVariant?: "relaxed" | "simd";
  setThreads(threads: number): void;
}

/** The table's kernels out of what a backend exports; a kernel that is not there means a build of other sources. */
export function bindKernels(
  bind: (name: KernelName, arity: number) => ((...args: number[]) => number) | undefined,
): Kernels {
  const entries = (Object.keys(table) as KernelName[]).map((name) => {
    const kernel = bind(name, table[name].length);
    if (kernel === undefined) throw new Error(`kernel ${name} is missing, build @kindling/kernels again (pnpm build)`);
    return [name, kernel];
  });
  const kernels = Object.fromEntries(entries) as Kernels;
  if (kernels.tableHash() !== hashOfTables(tables)) {
    throw new Error("the kernels are of another version of their table, build @kindling/kernels again (pnpm build)");
  }
  return kernels;
}
