import { type Generator, UsageError } from "@kindling/tensor";
import { type Collated, defaultCollate } from "./collate.js";
import { IterableDataset, type MapDataset } from "./dataset.js";
import { drawSeed } from "./draws.js";
import { BatchSampler, RandomSampler, type Sampler, SequentialSampler } from "./sampler.js";

export interface DataLoaderOptions<Item, Batch> {
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
  /** Source of the random order. Default: the global generator. */
  generator?: Generator;
}

/**
 * Batches of a data set, again and again: each `for … of` is one epoch.
 *
 * `for await … of` works too, and is needed when `getItem` returns promises; then the next batch is being loaded
 * while the current one is used. With equal seeds the order is PyTorch's.
 *
 * @throws UsageError for options that exclude each other or make no sense.
 * @example
 * const loader = new DataLoader(data, { batchSize: 64, shuffle: true, dropLast: true });
 * for (const [images, targets] of loader) { … }
 */
export class DataLoader<Item, Batch = Collated<Awaited<Item>>> implements Iterable<Batch>, AsyncIterable<Batch> {
  readonly dataset: MapDataset<Item> | IterableDataset<Item> | readonly Item[];
  readonly batchSize: number;
  readonly dropLast: boolean;
  readonly #batchSampler: (Iterable<readonly number[]> & { readonly length: number }) | null;
  readonly #collate: ((samples: Awaited<Item>[]) => Batch) | undefined;
  readonly #generator: Generator | undefined;

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
    // PyTorch draws a base seed for its workers per epoch, also when there are none; the numbers after it depend on that.
    drawSeed(this.#generator);
    return this.#batches();
  }

  [Symbol.asyncIterator](): AsyncIterator<Batch> {
    drawSeed(this.#generator);
    return this.#batchesAsync();
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
          yield this.#toBatch(samples);
          samples = [];
        }
      }
      if (samples.length > 0 && !this.dropLast) yield this.#toBatch(samples);
      return;
    }
    const items = asMapDataset(dataset);
    for (const indices of this.#batchSampler ?? []) {
      yield this.#atOnce(items, indices) ?? this.#toBatch(indices.map((index) => checkSync(items.getItem(index))));
    }
  }

  async *#batchesAsync(): AsyncIterableIterator<Batch> {
    const { dataset } = this;
    if (dataset instanceof IterableDataset) {
      let samples: Awaited<Item>[] = [];
      for await (const item of dataset as AsyncIterable<Item> | Iterable<Item>) {
        samples.push(item as Awaited<Item>);
        if (samples.length === this.batchSize) {
          yield this.#toBatch(samples);
          samples = [];
        }
      }
      if (samples.length > 0 && !this.dropLast) yield this.#toBatch(samples);
      return;
    }
    const items = asMapDataset(dataset);
    let pending: Promise<Batch> | null = null;
    for (const indices of this.#batchSampler ?? []) {
      const ready = this.#atOnce(items, indices);
      if (ready !== null) {
        yield ready;
        continue;
      }
      const samples = indices.map((index) => items.getItem(index));
      // Samples that are there at once are not loaded ahead: random numbers would be drawn in another order.
      if (!samples.some((sample) => sample instanceof Promise)) {
        yield this.#toBatch(samples as Awaited<Item>[]);
        continue;
      }
      const loading: Promise<Batch> = Promise.all(samples).then((loaded) => this.#toBatch(loaded));
      loading.catch(() => undefined); // reported when its turn comes
      if (pending !== null) yield await pending;
      pending = loading;
    }
    if (pending !== null) yield await pending;
  }

  /** The batch as the data set itself makes it, if it can and nobody wants another form. */
  #atOnce(items: MapDataset<Item>, indices: readonly number[]): Batch | null {
    if (this.#collate !== undefined || items.getItems === undefined) return null;
    return items.getItems(indices) as Batch;
  }

  #toBatch(samples: Awaited<Item>[]): Batch {
    return this.#collate === undefined ? (defaultCollate(samples) as Batch) : this.#collate(samples);
  }
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
