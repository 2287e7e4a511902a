import type { Worker } from "node:worker_threads";
import { UsageError } from "@kindling/tensor";
import { nodeModule } from "../node-module.js";
import type { WorkerStart } from "./protocol.js";

/**
 * What a worker runs first. Node's workers do not inherit the hooks with which tsx makes it read TypeScript, so those are
 * set up again where a module needs them.
 */
const bootstrap = `
const { workerData: { typescript, entry } } = require("node:worker_threads");
(async () => {
  if (typescript !== null) (await import(typescript)).register();
  await import(entry);
})();
`;

/** Starts a worker that does not keep the process alive. */
export function startWorker(start: WorkerStart): Worker {
  const entry = findModule(new URL("./worker.js", import.meta.url));
  if (entry === null) {
    throw new UsageError(
      "DataLoader: the program of its workers, worker.js, is not beside it; keep @kindling/datasets out of the bundle (external)",
    );
  }
  const { Worker: NodeWorker } = nodeModule("node:worker_threads", "DataLoader with numWorkers");
  const isSource = isTypeScript(entry);
  const typescript =
    isSource || isTypeScript(new URL(start.module)) ? findTsx(isSource ? entry.href : start.module) : null;
  const worker = new NodeWorker(bootstrap, {
    eval: true,
    workerData: { ...start, entry: entry.href, typescript },
    // The workers share the cores: one thread for the kernels of each.
    env: { ...process.env, KINDLING_NUM_THREADS: "1" },
    name: `kindling-data-${start.id}`,
    ...(isSource ? { execArgv: ["--conditions=@kindling/source"] } : {}),
  });
  worker.unref();
  return worker;
}

/**
 * The address of the module that makes the data set in the workers.
 *
 * @throws UsageError if it names no file.
 */
export function checkModule(module: URL | string): string {
  const { isAbsolute } = nodeModule("node:path", "DataLoader with numWorkers");
  const { pathToFileURL } = nodeModule("node:url", "DataLoader with numWorkers");
  const url =
    typeof module !== "string"
      ? module
      : isAbsolute(module)
        ? pathToFileURL(module)
        : /^file:/.test(module)
          ? new URL(module)
          : null;
  if (url?.protocol !== "file:") {
    throw new UsageError(
      `DataLoader: expected workerModule to be the address of a file, new URL("./my-data.js", import.meta.url), got ${String(module)}`,
    );
  }
  const found = findModule(url);
  if (found === null) throw new UsageError(`DataLoader: there is no workerModule ${url.href}`);
  return found.href;
}

const isTypeScript = (url: URL): boolean => /\.[cm]?tsx?$/.test(url.pathname);

/** The file, or the TypeScript that it would be compiled from. */
function findModule(url: URL): URL | null {
  const { existsSync } = nodeModule("node:fs", "DataLoader with numWorkers");
  const source = new URL(url.href.replace(/js$/, "ts"));
  return [url, source].find((candidate) => existsSync(candidate)) ?? null;
}

/** Where a module finds tsx; null if it is not installed: then Node itself may be able to read TypeScript. */
function findTsx(from: string): string | null {
  const { createRequire } = nodeModule("node:module", "DataLoader with numWorkers");
  const { pathToFileURL } = nodeModule("node:url", "DataLoader with numWorkers");
  try {
    return new URL("./dist/esm/api/index.mjs", pathToFileURL(createRequire(from).resolve("tsx/package.json"))).href;
  } catch {
    return null;
  }
}
