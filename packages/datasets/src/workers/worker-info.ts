import type { IterableDataset, MapDataset } from "../dataset.js";

/** What a data set can know of the worker that it is loaded in. */
export interface WorkerInfo {
  /** From 0 on. */
  readonly id: number;
  readonly numWorkers: number;
  /** What the worker's random numbers started from: the loader's base seed + `id`. */
  readonly seed: bigint;
  /** This worker's own copy of the data set. */
  readonly dataset: MapDataset<unknown> | IterableDataset<unknown>;
}

let info: WorkerInfo | null = null;

/**
 * In a worker of a `DataLoader`, which one it is; null elsewhere. A stream uses it to give each worker a part of its own.
 *
 * @example
 * const { id, numWorkers } = getWorkerInfo() ?? { id: 0, numWorkers: 1 };
 * [id, numWorkers]; // → [0, 1]
 */
export function getWorkerInfo(): WorkerInfo | null {
  return info;
}

export function setWorkerInfo(ofThisWorker: WorkerInfo): void {
  info = ofThisWorker;
}
