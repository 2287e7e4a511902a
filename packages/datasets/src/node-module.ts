import { UsageError } from "@kindling/tensor";

interface NodeModules {
  "node:buffer": typeof import("node:buffer");
  "node:fs": typeof import("node:fs");
  "node:module": typeof import("node:module");
  "node:path": typeof import("node:path");
  "node:url": typeof import("node:url");
  "node:worker_threads": typeof import("node:worker_threads");
  "node:zlib": typeof import("node:zlib");
}

/**
 * A module of Node, asked for only when it is needed: a program for browsers that imports this package has none.
 *
 * @throws UsageError where there is no Node.
 */
export function nodeModule<Name extends keyof NodeModules>(name: Name, caller: string): NodeModules[Name] {
  if (typeof process === "undefined" || typeof process.getBuiltinModule !== "function")
    throw new UsageError(`${caller}: needs Node's ${name.slice(5)}, which is not there`);
  return process.getBuiltinModule(name) as NodeModules[Name];
}
