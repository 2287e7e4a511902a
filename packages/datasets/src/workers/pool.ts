import type { Worker } from "node:worker_threads";
import { UsageError } from "@kindling/tensor";
import { rebuildError } from "./described-error.js";
import type { Answer, Reply, Task, WorkerStart } from "./protocol.js";
import { startWorker } from "./start-worker.js";

export interface PoolOptions extends Omit<WorkerStart, "id" | "seed"> {
  readonly baseSeed: bigint;
  /** How many items the workers' data set must have; null for streams. */
  readonly length: number | null;
  /** Whether the workers must find a `collate` in the module. */
  readonly needsCollate: boolean;
}

/** Whoever the answers go to: the iteration that runs. */
export interface Consumer {
  answer(answer: Answer): void;
  fail(error: Error): void;
}

/** Worker threads, each with a data set of its own. If one of them dies, the pool fails and all are stopped. */
export class WorkerPool {
  readonly #options: PoolOptions;
  readonly #workers: Worker[];
  /** The items that each worker has been asked for and not answered, batch by batch. */
  readonly #asked: (readonly number[] | null)[][];
  #consumer: Consumer | null = null;
  #isClosed = false;
  epoch = 0;
  /** Why the pool cannot be used any more. */
  failure: Error | null = null;

  constructor(options: PoolOptions) {
    const { module, argument, numWorkers, baseSeed, batchSize, dropLast } = options;
    this.#options = options;
    this.#asked = Array.from({ length: numWorkers }, () => []);
    this.#workers = Array.from({ length: numWorkers }, (_, id) => {
      const seed = baseSeed + BigInt(id);
      const worker = startWorker({ module, argument, id, numWorkers, seed, batchSize, dropLast });
      worker.on("message", (reply: Reply) => this.#receive(id, reply));
      // Its last answers may come after the error, but never after the exit.
      let error: Error | undefined;
      worker.on("error", (thrown) => {
        error = thrown;
      });
      worker.on("exit", (code) => this.#fail(id, code, error));
      return worker;
    });
  }

  get size(): number {
    return this.#workers.length;
  }

  /** Begins an epoch; what is left of the one before is computed and dropped. */
  begin(consumer: Consumer): void {
    this.#consumer?.fail(
      new UsageError("DataLoader: with persistentWorkers only one iteration runs at a time, and another has begun"),
    );
    this.#consumer = consumer;
    this.epoch++;
  }

  end(consumer: Consumer): void {
    if (this.#consumer === consumer) this.#consumer = null;
  }

  ask(id: number, task: Task): void {
    this.#asked[id]?.push(task.indices);
    this.#workers[id]?.postMessage(task);
  }

  /** Keeps the process alive while somebody waits for the workers. */
  setAwaited(isAwaited: boolean): void {
    for (const worker of this.#workers) {
      if (isAwaited) worker.ref();
      else worker.unref();
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #receive(id: number, reply: Reply): void {
    if (this.#isClosed) return;
    if (reply.kind === "ready") {
      this.#check(reply.length, reply.hasCollate);
    } else if (reply.kind === "failed") {
      this.#close(rebuildError(reply.error, `DataLoader: worker ${id}: ${this.#options.module}`));
    } else {
      this.#asked[id]?.shift();
      if (reply.epoch === this.epoch) this.#consumer?.answer(reply);
    }
  }

  #check(length: number | null, hasCollate: boolean): void {
    const { module, length: expected, needsCollate } = this.#options;
    if (length !== expected) {
      const items = (count: number | null) => (count === null ? "a stream" : `${count} items`);
      this.#close(
        new UsageError(
          `DataLoader: the data set of ${module} is ${items(length)}, that of the loader ${items(expected)}; make both by the ` +
            "same function (of a Subset, the workers need the whole data set)",
        ),
      );
    } else if (needsCollate && !hasCollate) {
      this.#close(new UsageError(`DataLoader: collate runs in the workers; export it from ${module} too`));
    }
  }

  #fail(id: number, exitCode: number, cause: Error | undefined): void {
    if (this.#isClosed) return;
    const [indices] = this.#asked[id] ?? [];
    const doing = indices == null ? "" : `, loading items ${indices.join(", ")}`;
    const why = cause === undefined ? `ended with exit code ${exitCode}${doing}` : `failed${doing}: ${cause.message}`;
    this.#close(new Error(`DataLoader: worker ${id} ${why}`, { cause }));
  }

  #close(failure: Error): void {
    this.failure = failure;
    this.#consumer?.fail(failure);
    void this.close();
  }
}
