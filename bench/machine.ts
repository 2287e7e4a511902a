import { availableParallelism, cpus, loadavg } from "node:os";
import type { BackendInfo } from "@kindling/kernels";
import type { Child } from "./child.js";

/** The machine in words; how busy it was before says how far to trust absolute times. */
export function describeMachine(): string {
  const cores = availableParallelism();
  const load = loadavg()[0]?.toFixed(1);
  return `Machine: ${cpus()[0]?.model.trim()}, ${cores} cores, ${process.platform} ${process.arch}, load average ${load} before.`;
}

/** Which kernels Kindling runs, in words. */
export function describeKindling(children: readonly Child<BackendInfo>[]): string {
  const kernels = children.map(({ description: { backend, isa, wasmVariant } }) =>
    backend === "native" ? `native kernels for ${isa}` : `WebAssembly kernels with ${wasmVariant} instructions`,
  );
  return `Kindling: ${[...new Set(kernels)].join(", ")}; Node ${process.versions.node}.`;
}
