// The program of a worker thread: makes the data set of the user's module, then answers tasks one after the other.
import { parentPort, workerData } from "node:worker_threads";
import { manualSeed, UsageError } from "@kindling/tensor";
import { IterableDataset, type MapDataset } from "../dataset.js";
import { batchAtOnce, batchStream, type Collate, toBatch } from "../fetch.js";
import { describeError } from "./described-error.js";
import { pack, type Reply, type Task, type WorkerStart } from "./protocol.js";
import { setWorkerInfo } from "./worker-info.js";

const start = workerData as WorkerStart;

/** An error with the place where it happened. */
class Located {
  readonly error: unknown;
  readonly where: string;

  constructor(error: unknown, where: string) {
    this.error = error;
    this.where = where;
  }
}

/** Makes the batch of a task, or tells that the stream has ended. */
type Fetch = (task: Task) => Promise<{ readonly batch: unknown } | null>;

function post(reply: Reply, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(reply, transfer);
}

async function prepare(): Promise<Fetch> {
  const exported = (await import(start.module)) as Readonly<Record<string, unknown>>;
  const given = exported.dataset;
  const dataset: unknown = await (typeof given === "function" ? given(start.argument) : given);
  const isStream = dataset instanceof IterableDataset;
  if (!isStream && !isMapDataset(dataset)) {
    throw new UsageError("expected it to export `dataset`, a data set or a function that makes one");
  }
  const { collate, workerInitFn } = exported;
  for (const [name, value] of Object.entries({ collate, workerInitFn })) {
    if (value !== undefined && typeof value !== "function")
      throw new UsageError(`expected its export ${name} to be a function, got ${typeof value}`);
  }
  const { id, numWorkers, seed } = start;
  manualSeed(seed);
  setWorkerInfo({ id, numWorkers, seed, dataset });
  if (typeof workerInitFn === "function") await workerInitFn(id);
  post({ kind: "ready", length: isStream ? null : dataset.length, hasCollate: collate !== undefined });
  const own = collate as Collate<unknown, unknown>;
  return isStream ? fetchFromStream(dataset, own) : fetchItems(dataset, own);
}

function isMapDataset(value: unknown): value is MapDataset<unknown> {
  return typeof value === "object" && value !== null && "getItem" in value && "length" in value;
}

function fetchItems(dataset: MapDataset<unknown>, collate: Collate<unknown, unknown>): Fetch {
  const load = async (index: number): Promise<unknown> => {
    try {
      return await dataset.getItem(index);
    } catch (error) {
      throw new Located(error, `item ${index}`);
    }
  };
  return async ({ indices }) => {
    const list = indices ?? [];
    const ready = batchAtOnce(dataset, list, collate);
    return { batch: ready ?? toBatch(await Promise.all(list.map(load)), collate) };
  };
}

function fetchFromStream(dataset: IterableDataset<unknown>, collate: Collate<unknown, unknown>): Fetch {
  let epoch = -1;
  let batches: AsyncGenerator<unknown> | null = null;
  return async (task) => {
    if (batches === null || task.epoch !== epoch) {
      await batches?.return(null);
      batches = batchStream(dataset, start.batchSize, start.dropLast, collate);
      epoch = task.epoch;
    }
    const { done, value } = await batches.next();
    return done === true ? null : { batch: value };
  };
}

async function answer(fetch: Fetch, task: Task): Promise<void> {
  const { epoch, number, indices } = task;
  try {
    const fetched = await fetch(task);
    if (fetched === null) {
      post({ kind: "end", epoch, number });
      return;
    }
    const transfer: ArrayBuffer[] = [];
    post({ kind: "batch", epoch, number, batch: pack(fetched.batch, transfer) }, transfer);
  } catch (thrown) {
    const whole = indices === null ? `batch ${number}` : `items ${indices.join(", ")}`;
    const { error, where } = thrown instanceof Located ? thrown : new Located(thrown, whole);
    post({ kind: "error", epoch, number, error: describeError(error), where });
  }
}

let last = prepare().catch((error) => {
  post({ kind: "failed", error: describeError(error) });
  return null;
});
parentPort?.on("message", (task: Task) => {
  last = last.then(async (fetch) => {
    if (fetch !== null) await answer(fetch, task);
    return fetch;
  });
});
