import { bindKernels, type LoadedBackend, metaBlockLength } from "./backend.js";
import { LinearHeap } from "./linear-heap.js";
import { WasmMemory } from "./wasm-memory.js";

/** What the module exports beside the kernels. */
interface PoolExports {
  readonly __heap_base: WebAssembly.Global;
  readonly __stack_pointer: WebAssembly.Global;
  readonly __tls_size: WebAssembly.Global;
  parallel_set_threads(threads: number): void;
}

/** All that a worker needs to take part: it makes an instance of its own over the shared memory. */
export interface WorkerStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly stackPointer: number;
  readonly threadLocals: number;
}

const pageBytes = 65536;
/** As the linker was told, see scripts/build-wasm.mjs. */
const initialPages = 256;
/** One page short of 4 GB, so that no end of a block is 2 ** 32. */
const maximumPages = 65535;
const stackBytes = 2 ** 20;

/** Instantiates the module; `startWorker` is called from within kernels, when the first one needs more threads. */
export function instantiate(
  module: WebAssembly.Module,
  wasmVariant: "relaxed" | "simd",
  startWorker: (start: WorkerStart) => void,
): LoadedBackend {
  const memory = new WebAssembly.Memory({ initial: initialPages, maximum: maximumPages + 1, shared: true });
  const env = {
    memory,
    startWorker(): number {
      const stack = heap.allocate(stackBytes);
      const threadLocals = heap.allocate(LinearHeap.capacity(pool.__tls_size.value as number));
      if (stack === undefined || threadLocals === undefined) return 0;
      startWorker({ module, memory, stackPointer: stack + stackBytes, threadLocals });
      return 1;
    },
  };
  const { exports } = new WebAssembly.Instance(module, { env });
  const pool = exports as unknown as PoolExports;
  const maximum = maximumPages * pageBytes;
  const heap = new LinearHeap(memory, pool.__heap_base.value as number, maximum);
  const address = heap.allocate(LinearHeap.capacity(metaBlockLength * 8)) as number;
  let meta = new Float64Array(memory.buffer, address, metaBlockLength);
  return {
    name: "wasm",
    isa: "wasm",
    wasmVariant,
    kernels: bindKernels((name) => exports[name] as ((...args: number[]) => number) | undefined),
    memory: new WasmMemory(memory, heap, maximum),
    metaBlock: {
      address,
      view() {
        if (meta.buffer !== memory.buffer) meta = new Float64Array(memory.buffer, address, metaBlockLength);
        return meta;
      },
    },
    setThreads: pool.parallel_set_threads,
  };
}
