import { UsageError } from "@kindling/tensor";
import { checkModule } from "./start-worker.js";

/** What a `DataLoader` is told about its workers. */
export interface WorkerOptions {
  /** Threads that load batches ahead; needs `workerModule` and `for await`. Default 0: none. */
  numWorkers?: number;
  /**
   * The module that makes the data set in each worker: `new URL("./my-data.js", import.meta.url)`. It exports `dataset`, a
   * data set or a function that makes (a promise of) one; and, if need be, `collate` and `workerInitFn(workerId)`.
   */
  workerModule?: URL | string;
  /** Handed to the module's function `dataset`: paths, options, shared buffers; whatever `structuredClone` copies. */
  workerData?: unknown;
  /** Batches that each worker loads ahead. Default 2. */
  prefetchFactor?: number;
  /** Whether the workers, and their data sets, live on from epoch to epoch. Default false. */
  persistentWorkers?: boolean;
  /** Seconds to wait for a worker's batch; 0, the default, is for ever. */
  timeout?: number;
}

/** Checks the options about workers; returns the address of their module, empty if there are none. */
export function checkWorkerOptions({
  numWorkers = 0,
  workerModule,
  prefetchFactor,
  persistentWorkers = false,
  timeout = 0,
}: WorkerOptions): string {
  if (!Number.isInteger(numWorkers) || numWorkers < 0)
    throw new UsageError(`DataLoader: expected numWorkers to be a whole number from 0 on, got ${numWorkers}`);
  if (!(timeout >= 0)) throw new UsageError(`DataLoader: expected timeout in seconds, not negative, got ${timeout}`);
  if (numWorkers === 0) {
    if (prefetchFactor !== undefined || persistentWorkers)
      throw new UsageError("DataLoader: prefetchFactor and persistentWorkers need numWorkers above 0");
    return "";
  }
  if (prefetchFactor !== undefined && (!Number.isInteger(prefetchFactor) || prefetchFactor <= 0))
    throw new UsageError(`DataLoader: expected prefetchFactor to be a positive integer, got ${prefetchFactor}`);
  if (workerModule === undefined) {
    throw new UsageError(
      "DataLoader: numWorkers needs workerModule: a data set cannot be copied into a thread, so each worker makes its own. " +
        "Put the data set into a module of its own, `export const dataset = () => …`, and give the loader " +
        '`workerModule: new URL("./my-data.js", import.meta.url)`',
    );
  }
  return checkModule(workerModule);
}
