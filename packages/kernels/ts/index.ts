import type { Backend, LoadedBackend } from "./backend.js";
import { hardwareThreads, loadBackend, threadsWanted } from "./load-node.js";

export type { Backend, MetaBlock } from "./backend.js";
export type { Block, Memory, MemoryStatistics } from "./memory.js";
export * from "./table.js";

const maximumThreads = 64;

let loaded: LoadedBackend | undefined;
let threads = 0;

function load(): LoadedBackend {
  if (loaded !== undefined) return loaded;
  const wanted = threadsWanted();
  const count = wanted === undefined ? Math.min(hardwareThreads(), maximumThreads) : Number(wanted);
  checkThreads(count, wanted ?? count, "KINDLING_NUM_THREADS");
  const backend = loadBackend();
  backend.setThreads(count);
  threads = count;
  loaded = backend;
  return backend;
}

function checkThreads(count: number, given: unknown, name: string): void {
  if (Number.isInteger(count) && count >= 1 && count <= maximumThreads) return;
  throw new RangeError(`${name}: expected a whole number of threads from 1 to ${maximumThreads}, got ${String(given)}`);
}

/**
 * The kernels and their memory, loaded synchronously by the first call: the native addon if it loads, else
 * WebAssembly. The environment variable KINDLING_BACKEND=native|wasm forces one.
 *
 * @throws Error if the forced backend cannot be loaded, saying why.
 * @example
 * const { kernels, memory } = backend();
 * const block = memory.allocate(4 * 4);
 * kernels.arange(dtypeCodes.float32, 4, 0, 1, block.address());
 */
export function backend(): Backend {
  return load();
}

/**
 * Sets how many threads kernels use, from 1 to 64; results are the same bits at any number. It holds for this
 * Node thread. Default: the number of cores, or the environment variable KINDLING_NUM_THREADS.
 *
 * @throws RangeError if `n` is not a whole number from 1 to 64.
 * @example
 * const x = randn([256, 256]);
 * const product = x.matmul(x);
 * setNumThreads(1);
 * x.matmul(x).equal(product); // → true
 */
export function setNumThreads(n: number): void {
  checkThreads(n, n, "setNumThreads");
  load().setThreads(n);
  threads = n;
}

/**
 * How many threads kernels use.
 * @example
 * setNumThreads(2);
 * getNumThreads(); // → 2
 */
export function getNumThreads(): number {
  load();
  return threads;
}

/** What runs the kernels, and why. */
export interface BackendInfo {
  readonly backend: "native" | "wasm";
  /** The instruction set: `base`, `avx2`, `avx512`, `neon` or `wasm`. */
  readonly isa: string;
  readonly threads: number;
  /** Path of the native addon, if it is used. */
  readonly addon?: string;
  /** Why WebAssembly is used, if it is. */
  readonly reason?: string;
  /** Which build of the WebAssembly kernels is used, if one is. */
  readonly wasmVariant?: "relaxed" | "simd";
}

/**
 * Tells which backend is used, on which instruction set, with how many threads. The command `kindling-info` prints it.
 * @example ["native", "wasm"].includes(backendInfo().backend); // → true
 */
export function backendInfo(): BackendInfo {
  const { name, isa, addon, reason, wasmVariant } = load();
  return {
    backend: name,
    isa,
    threads,
    ...(addon === undefined ? {} : { addon }),
    ...(reason === undefined ? {} : { reason }),
    ...(wasmVariant === undefined ? {} : { wasmVariant }),
  };
}
