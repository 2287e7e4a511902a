import { type Collated, defaultCollate } from "./collate.js";
import type { IterableDataset, MapDataset } from "./dataset.js";

/** Makes a batch of samples; undefined stands for `defaultCollate`. */
export type Collate<Item, Batch> = ((samples: Awaited<Item>[]) => Batch) | undefined;

/** The batch as the data set itself makes it, if it can and nobody wants another form; else null. */
export function batchAtOnce<Item, Batch>(
  dataset: MapDataset<Item>,
  indices: readonly number[],
  collate: Collate<Item, Batch>,
): Batch | null {
  if (collate !== undefined || dataset.getItems === undefined) return null;
  return dataset.getItems(indices) as Batch;
}

export function toBatch<Item, Batch>(samples: Awaited<Item>[], collate: Collate<Item, Batch>): Batch {
  return collate === undefined ? (defaultCollate(samples) as Collated<Awaited<Item>> as Batch) : collate(samples);
}

/** The batches of a stream, as they come. */
export async function* batchStream<Item, Batch>(
  dataset: IterableDataset<Item>,
  batchSize: number,
  dropLast: boolean,
  collate: Collate<Item, Batch>,
): AsyncGenerator<Batch> {
  let samples: Awaited<Item>[] = [];
  for await (const item of dataset as AsyncIterable<Item> | Iterable<Item>) {
    samples.push(item as Awaited<Item>);
    if (samples.length === batchSize) {
      yield toBatch(samples, collate);
      samples = [];
    }
  }
  if (samples.length > 0 && !dropLast) yield toBatch(samples, collate);
}
