import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { bindKernels, type LoadedBackend, metaBlockLength } from "./backend.js";
import { NativeMemory } from "./native-memory.js";

/** What src/addon.cc exports. A kernel takes its arguments from `commandBlock` and leaves its number in the first place. */
interface Addon {
  readonly isaName: string;
  readonly commandBlock: Float64Array;
  readonly kernels: Readonly<Record<string, () => void>>;
  address(view: ArrayBufferView): number;
  setThreads(threads: number): void;
}

/** Loads the native addon; throws if there is none, or none for this machine. */
export function loadNative(): LoadedBackend {
  const path = fileURLToPath(new URL("../build/native/kindling.node", import.meta.url));
  const addon = createRequire(import.meta.url)(path) as Addon;
  const meta = new Float64Array(metaBlockLength);
  return {
    name: "native",
    isa: addon.isaName,
    addon: path,
    kernels: bindKernels((name, arity) => {
      const call = addon.kernels[name];
      return call && withArguments(call, arity, addon.commandBlock);
    }),
    memory: new NativeMemory(addon.address),
    metaBlock: { address: addon.address(meta), view: () => meta },
    setThreads: addon.setThreads,
  };
}

/**
 * A function of `arity` numbers that writes them to the command block, calls, and returns the first number of the
 * block. It is made from text because only straight stores are fast: a loop over rest arguments takes eight
 * times as long for `matmul`. The text depends on the arity alone.
 */
function withArguments(call: () => void, arity: number, block: Float64Array): (...args: number[]) => number {
  const parameters = Array.from({ length: arity }, (_, i) => `a${i}`);
  const stores = parameters.map((parameter, i) => `block[${i}] = ${parameter};`).join(" ");
  const make = new Function(
    "call",
    "block",
    `return (${parameters.join(", ")}) => { ${stores} call(); return block[0]; };`,
  );
  return make(call, block) as (...args: number[]) => number;
}
