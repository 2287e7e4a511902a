import { type Generator, UsageError } from "@kindling/tensor";
import type { Collated } from "./collate.js";
import { IterableDataset, type MapDataset, originOf } from "./dataset.js";
import { drawBaseSeed } from "./draws.js";
import { batchAtOnce, batchStream, type Collate, toBatch } from "./fetch.js";
import { BatchSampler, RandomSampler, type Sampler, SequentialSampler } from "./sampler.js";
import { iterate } from "./workers/iterate.js";
import { WorkerPool } from "./workers/pool.js";
import { checkWorkerOptions, type WorkerOptions } from "./workers/worker-options.js";

/** What a `DataLoader` is told. */
export interface DataLoaderOptions<Item, Batch> extends WorkerOptions {
  /** Samples per batch. Default 1. */
  batchSize?: number;
  /** Whether each epoch comes in a new random order. Default false. */
  shuffle?: boolean;
  /** Order of the samples; excludes `shuffle`. */
  sampler?: Sampler;
  /** Indices of whole batches; excludes `batchSize`, `shuffle`, `sampler` and `dropLast`. */
  batchSampler?: Iterable<readonly number[]> & { readonly length: number };
  /** Whether a last batch that is not full is left out. Default false. */
  dropLast?: boolean;
  /** Makes a batch of samples. Default: `defaultCollate`. */
  collate?: (samples: Awaited<Item>[]) => Batch;
  /** Source of the random order, and of the workers' seeds. Default: the global generator. */
  generator?: Generator;
}

/** Workers of loaders, or of iterations, that nobody reaches any more are stopped. */
const forgotten = new FinalizationRegistry<WorkerPool>((pool) => void pool.close());

/**
 * Batches of a data set, again and again: each `for … of` is one epoch.
 *
 * `for await … of` works too, and is needed when `getItem` returns promises; then the next batch is being loaded
 * while the current one is used. With equal seeds the order is PyTorch's.
 *
 * With `numWorkers` threads load batches ahead. JavaScript cannot copy a data set into a thread, so each makes its own, by the
 * function `dataset` of `workerModule`; `dataset` here tells the length (of a `Subset` the workers need the whole data set).
 * Order and contents of the batches do not depend on how fast a worker is: batch i is the work of worker i mod n, whose
 * random numbers start from a seed drawn per epoch (once with `persistentWorkers`) plus its number, as in PyTorch. An
 * error in a worker is thrown in the loop, with the item's index and the worker's stack.
 *
 * @throws UsageError for options that exclude each other or make no sense.
 * @example
 * manualSeed(0);
 * const data = new TensorDataset(arange(10).reshape(5, 2), tensor([5, 6, 7, 8, 9]));
 * const loader = new DataLoader(data, { batchSize: 2, shuffle: true, dropLast: true });
 * loader.length; // → 2
 * for (const [inputs, targets] of loader) {
 *   [inputs.shape, targets.shape]; // → [[2, 2], [2]]
 * }
 * @example
 * import * as fs from "node:fs";
 *
 * // Most often a file beside the program: new URL("./squares.mjs", import.meta.url).
 * fs.writeFileSync("squares.mjs", "export const dataset = { length: 4, getItem: (index) => index * index }");
 * const workerModule = `${process.cwd()}/squares.mjs`;
 * const loader = new DataLoader([0, 1, 4, 9], { batchSize: 2, numWorkers: 2, workerModule });
 * const batches: unknown[] = [];
 * for await (const batch of loader) batches.push(batch.toArray());
 * batches; // → [[0, 1], [4, 9]]
 */
export class DataLoader<Item, Batch = Collated<Awaited<Item>>> implements Iterable<Batch>, AsyncIterable<Batch> {
  readonly dataset: MapDataset<Item> | IterableDataset<Item> | readonly Item[];
  readonly batchSize: number;
  readonly dropLast: boolean;
  readonly #batchSampler: (Iterable<readonly number[]> & { readonly length: number }) | null;
  readonly numWorkers: number;
  readonly prefetchFactor: number;
  readonly persistentWorkers: boolean;
  readonly timeout: number;
  readonly #collate: Collate<Item, Batch>;
  readonly #generator: Generator | undefined;
  readonly #workerModule: string;
  readonly #workerData: unknown;
  /** The workers that live on, with `persistentWorkers`. */
  #pool: WorkerPool | null = null;

  constructor(
    dataset: MapDataset<Item> | IterableDataset<Item> | readonly Item[],
    options: DataLoaderOptions<Item, Batch> = {},
  ) {
    const { batchSize = 1, shuffle = false, sampler, batchSampler, dropLast = false, collate, generator } = options;
    if (!Number.isInteger(batchSize) || batchSize <= 0) {
      throw new UsageError(`DataLoader: expected batchSize to be a positive integer, got ${batchSize}`);
    }
    if (sampler !== undefined && shuffle)
      throw new UsageError("DataLoader: sampler and shuffle exclude each other; give one of them");
    if (batchSampler !== undefined && (batchSize !== 1 || shuffle || sampler !== undefined || dropLast)) {
      throw new UsageError("DataLoader: batchSampler excludes batchSize, shuffle, sampler and dropLast");
    }
    this.dataset = dataset;
    this.batchSize = batchSize;
    this.dropLast = dropLast;
    this.#collate = collate;
    this.#generator = generator;
    this.numWorkers = options.numWorkers ?? 0;
    this.prefetchFactor = options.prefetchFactor ?? 2;
    this.persistentWorkers = options.persistentWorkers ?? false;
    this.timeout = options.timeout ?? 0;
    this.#workerData = options.workerData;
    this.#workerModule = checkWorkerOptions(options);
    if (dataset instanceof IterableDataset) {
      if (shuffle || sampler !== undefined || batchSampler !== undefined) {
        throw new UsageError(
          "DataLoader: an IterableDataset decides its own order; shuffle, sampler and batchSampler do not apply",
        );
      }
      this.#batchSampler = null;
    } else {
      const order = generator === undefined ? {} : { generator };
      const indices = sampler ?? (shuffle ? new RandomSampler(dataset, order) : new SequentialSampler(dataset));
      this.#batchSampler = batchSampler ?? new BatchSampler(indices, batchSize, dropLast);
    }
  }

  /** Batches per epoch. */
  get length(): number {
    if (this.#batchSampler !== null) return this.#batchSampler.length;
    const { length } = this.dataset as { length?: number };
    if (length === undefined)
      throw new UsageError(
        "DataLoader: this IterableDataset does not tell its length; it is known when it has been read",
      );
    return this.dropLast ? Math.floor(length / this.batchSize) : Math.ceil(length / this.batchSize);
  }

  [Symbol.iterator](): Iterator<Batch> {
    if (this.numWorkers > 0) {
      throw new UsageError(
        "DataLoader: the batches of workers have to be waited for; iterate with `for await (const batch of loader)`, or leave out numWorkers",
      );
    }
    // PyTorch draws a base seed for its workers per epoch, also when there are none; the numbers after it depend on that.
    drawBaseSeed(this.#generator);
    return this.#batches();
  }

  [Symbol.asyncIterator](): AsyncIterator<Batch> {
    if (this.numWorkers > 0) return this.#batchesOfWorkers();
    drawBaseSeed(this.#generator);
    const { dataset } = this;
    if (dataset instanceof IterableDataset) return batchStream(dataset, this.batchSize, this.dropLast, this.#collate);
    return this.#batchesAsync(asMapDataset(dataset));
  }

  *#batches(): IterableIterator<Batch> {
    const { dataset } = this;
    if (dataset instanceof IterableDataset) {
      if (dataset[Symbol.iterator] === undefined) {
        throw new UsageError("DataLoader: this data set can only be read asynchronously; iterate with `for await`");
      }
      let samples: Awaited<Item>[] = [];
      for (const item of dataset as Iterable<Item>) {
        samples.push(checkSync(item));
        if (samples.length === this.batchSize) {
          yield toBatch(samples, this.#collate);
          samples = [];
        }
      }
      if (samples.length > 0 && !this.dropLast) yield toBatch(samples, this.#collate);
      return;
    }
    const items = asMapDataset(dataset);
    for (const indices of this.#batchSampler ?? []) {
      const ready = batchAtOnce(items, indices, this.#collate);
      yield ready ??
        toBatch(
          indices.map((index) => checkSync(items.getItem(index))),
          this.#collate,
        );
    }
  }

  async *#batchesAsync(items: MapDataset<Item>): AsyncIterableIterator<Batch> {
    let pending: Promise<Batch> | null = null;
    for (const indices of this.#batchSampler ?? []) {
      const ready = batchAtOnce(items, indices, this.#collate);
      if (ready !== null) {
        yield ready;
        continue;
      }
      const samples = indices.map((index) => items.getItem(index));
      // Samples that are there at once are not loaded ahead: random numbers would be drawn in another order.
      if (!samples.some((sample) => sample instanceof Promise)) {
        yield toBatch(samples as Awaited<Item>[], this.#collate);
        continue;
      }
      const loading: Promise<Batch> = Promise.all(samples).then((loaded) => toBatch(loaded, this.#collate));
      loading.catch(() => undefined); // reported when its turn comes
      if (pending !== null) yield await pending;
      pending = loading;
    }
    if (pending !== null) yield await pending;
  }

  #batchesOfWorkers(): AsyncIterator<Batch> {
    const { numWorkers, batchSize, dropLast, persistentWorkers } = this;
    const isStream = this.dataset instanceof IterableDataset;
    const { dataset: origin, toOrigin } = originOf(this.dataset as MapDataset<Item>);
    let pool = this.#pool;
    if (pool === null || pool.failure !== null) {
      pool = new WorkerPool({
        module: this.#workerModule,
        argument: this.#workerData,
        numWorkers,
        batchSize,
        dropLast,
        baseSeed: drawBaseSeed(this.#generator),
        length: isStream ? null : origin.length,
        needsCollate: this.#collate !== undefined,
      });
      if (persistentWorkers) {
        this.#pool = pool;
        forgotten.register(this, pool);
      }
    }
    const batches = iterate<Batch>(pool, {
      batches: this.#batchSampler === null ? null : mapEach(this.#batchSampler, (batch) => batch.map(toOrigin)),
      ahead: this.prefetchFactor * numWorkers,
      timeout: this.timeout,
      closesPool: !persistentWorkers,
    });
    if (!persistentWorkers) forgotten.register(batches, pool);
    return batches;
  }
}

function* mapEach<From, To>(items: Iterable<From>, map: (item: From) => To): IterableIterator<To> {
  for (const item of items) yield map(item);
}

function checkSync<Item>(item: Item): Awaited<Item> {
  if (item instanceof Promise) {
    item.catch(() => undefined);
    throw new UsageError("DataLoader: getItem returned a promise; iterate with `for await (const batch of loader)`");
  }
  return item as Awaited<Item>;
}

function asMapDataset<Item>(dataset: MapDataset<Item> | readonly Item[]): MapDataset<Item> {
  if ("getItem" in dataset) return dataset;
  return { length: dataset.length, getItem: (index) => dataset[index] as Item };
}
