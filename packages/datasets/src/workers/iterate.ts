import { UsageError } from "@kindling/tensor";
import { rebuildError } from "./described-error.js";
import type { Consumer, WorkerPool } from "./pool.js";
import { type Answer, unpack } from "./protocol.js";

export interface IterateOptions {
  /** The items of each batch; null for streams, which decide themselves. */
  readonly batches: Iterator<readonly number[]> | null;
  /** Batches that are asked for ahead of the one that is used. */
  readonly ahead: number;
  /** Seconds to wait for a batch; 0 is for ever. */
  readonly timeout: number;
  readonly closesPool: boolean;
}

/** A batch that a worker has been asked for, and what became of it. */
interface Asked {
  readonly id: number;
  answer: Answer | null;
}

/**
 * One epoch. Batch i is the work of worker i mod n, so that random numbers do not depend on how fast each is; the first
 * batches are asked for at once.
 */
export function iterate<Batch>(pool: WorkerPool, options: IterateOptions): AsyncGenerator<Batch> {
  const { batches, ahead } = options;
  const asked = new Map<number, Asked>();
  const isActive = Array.from({ length: pool.size }, () => true);
  let [sent, cursor] = [0, 0];
  let failure: Error | null = null;
  let wake: (() => void) | null = null;

  const ask = (): void => {
    if (failure !== null || !isActive.includes(true)) return;
    const next = batches?.next();
    if (next?.done === true) return;
    while (isActive[cursor % pool.size] === false) cursor++;
    const id = cursor++ % pool.size;
    asked.set(sent, { id, answer: null });
    pool.ask(id, { epoch: pool.epoch, number: sent++, indices: next?.value ?? null });
  };
  const consumer: Consumer = {
    answer(answer) {
      const task = asked.get(answer.number);
      if (task === undefined) return;
      task.answer = answer;
      if (answer.kind === "end" && isActive[task.id] === true) {
        isActive[task.id] = false;
        ask();
      }
      wake?.();
    },
    fail(error) {
      failure = error;
      wake?.();
    },
  };

  const wait = async (): Promise<void> => {
    pool.setAwaited(true);
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        wake = resolve;
        if (options.timeout === 0) return;
        const late = new Error(
          `DataLoader: timed out after ${options.timeout} seconds waiting for a batch; raise timeout, or look what getItem waits for`,
        );
        timer = setTimeout(() => reject(late), options.timeout * 1000);
      });
    } finally {
      wake = null;
      clearTimeout(timer);
      pool.setAwaited(false);
    }
  };

  async function* run(): AsyncGenerator<Batch> {
    try {
      for (let number = 0; number < sent; number++) {
        // What went wrong outside of the workers ends the loop at once; before one's death, what it did is handed on.
        if (failure instanceof UsageError) throw failure;
        const task = asked.get(number) as Asked;
        while (task.answer === null && isActive[task.id] === true) {
          if (failure !== null) throw failure;
          await wait();
        }
        asked.delete(number);
        const { answer } = task;
        if (answer === null || answer.kind === "end") continue;
        ask();
        if (answer.kind === "error") throw rebuildError(answer.error, `DataLoader worker ${task.id}, ${answer.where}`);
        yield unpack(answer.batch) as Batch;
      }
    } finally {
      pool.end(consumer);
      if (options.closesPool) await pool.close();
    }
  }

  pool.begin(consumer);
  try {
    for (let i = 0; i < ahead; i++) ask();
  } catch (error) {
    // The sampler's. Nobody will get an iterator that could stop the workers.
    if (options.closesPool) void pool.close();
    throw error;
  }
  return run();
}
