import { readFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { LoadedBackend } from "./backend.js";
import { instantiate, type WorkerStart } from "./wasm.js";

/** The whole program of a worker. Text, for it is the same from sources, from a build and from a bundle. */
const workerProgram = `
const { module, memory, stackPointer, threadLocals } = require("node:worker_threads").workerData;
const unused = Object.fromEntries(WebAssembly.Module.imports(module).map(({ name }) => [name, () => 0]));
const { exports } = new WebAssembly.Instance(module, { env: { ...unused, memory } });
exports.__stack_pointer.value = stackPointer;
exports.__wasm_init_tls(threadLocals);
exports.parallel_worker();
`;

function startWorker(workerData: WorkerStart): void {
  const options = { eval: true, workerData, execArgv: [], env: {}, name: "kindling", trackUnmanagedFds: false };
  new Worker(workerProgram, options).unref();
}

/** Loads the WebAssembly kernels, with relaxed SIMD where this engine has it. */
export function loadWasm(): LoadedBackend {
  const read = (variant: string) => readFileSync(new URL(`../build/kindling-${variant}.wasm`, import.meta.url));
  const relaxed = read("relaxed");
  const variant = WebAssembly.validate(relaxed) ? "relaxed" : "simd";
  return instantiate(new WebAssembly.Module(variant === "relaxed" ? relaxed : read("simd")), variant, startWorker);
}
