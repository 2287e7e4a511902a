import { UsageError } from "@kindling/tensor";
import { IterableDataset } from "./dataset.js";

/**
 * Several streams one after the other. If one of them has to be waited for, the chain has: use `for await` then.
 *
 * @throws UsageError for a member that is no `IterableDataset`, when its turn comes.
 * @example
 * class Lines extends IterableDataset<string> {
 *   override *[Symbol.iterator]() { yield* ["one", "two"]; }
 * }
 * Array.from(new DataLoader(new ChainDataset([new Lines(), new Lines()]), { batchSize: 3 })); // → [["one", "two", "one"], ["two"]]
 */
export class ChainDataset<Item> extends IterableDataset<Item> {
  readonly datasets: Iterable<IterableDataset<Item>>;

  constructor(datasets: Iterable<IterableDataset<Item>>) {
    super();
    this.datasets = datasets;
  }

  /** Items of all streams together. @throws UsageError if one of them has no length. */
  get length(): number {
    let total = 0;
    for (const dataset of this.datasets) {
      const { length } = checkStream(dataset) as { length?: number };
      if (length === undefined) throw new UsageError("ChainDataset: the length is not known: a stream in it has none");
      total += length;
    }
    return total;
  }

  override *[Symbol.iterator](): Iterator<Item> {
    for (const dataset of this.datasets) {
      if (checkStream(dataset)[Symbol.iterator] === undefined) {
        throw new UsageError("ChainDataset: a stream in it can only be read asynchronously; iterate with `for await`");
      }
      yield* dataset as Iterable<Item>;
    }
  }

  override async *[Symbol.asyncIterator](): AsyncIterator<Item> {
    for (const dataset of this.datasets) yield* checkStream(dataset) as AsyncIterable<Item>;
  }
}

function checkStream<Item>(dataset: IterableDataset<Item>): IterableDataset<Item> {
  if (dataset instanceof IterableDataset) return dataset;
  throw new UsageError("ChainDataset: expected data sets that extend IterableDataset; use ConcatDataset for others");
}
