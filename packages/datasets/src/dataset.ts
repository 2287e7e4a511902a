import { fromArray, type Generator, randperm, ShapeError, type Tensor, UsageError } from "@kindling/tensor";
import type { Collated } from "./collate.js";

/** Anything with a length and items by index; `Dataset` is the class to extend. */
export interface MapDataset<Item> {
  readonly length: number;
  getItem(index: number): Item;
  /**
   * A whole batch at once: must equal the default collation of `getItem` of each index, in order.
   * Optional; for data sets that can make a batch faster than sample by sample.
   */
  getItems?(indices: readonly number[]): Collated<Awaited<Item>>;
}

/**
 * A data set whose items have an index. Extend it with `length` and `getItem`.
 *
 * @example
 * class Squares extends Dataset<[number, number]> {
 *   readonly length = 100;
 *   getItem(index: number): [number, number] { return [index, index * index]; }
 * }
 * new Squares().getItem(7); // → [7, 49]
 */
export abstract class Dataset<Item> implements MapDataset<Item>, Iterable<Item> {
  /** How many items there are. */
  abstract readonly length: number;
  /** The item of an index from 0 on, or a promise of it. */
  abstract getItem(index: number): Item;
  getItems?(indices: readonly number[]): Collated<Awaited<Item>>;

  *[Symbol.iterator](): Iterator<Item> {
    for (let index = 0; index < this.length; index++) yield this.getItem(index);
  }
}

/**
 * A data set that is a stream: extend it with `[Symbol.iterator]`, or `[Symbol.asyncIterator]` for sources that
 * have to be waited for (iterate the loader with `for await` then). One that knows its `length` may tell.
 *
 * @example
 * class Lines extends IterableDataset<string> {
 *   override *[Symbol.iterator]() { yield* ["one", "two"]; }
 * }
 * Array.from(new DataLoader(new Lines(), { batchSize: 2 })); // → [["one", "two"]]
 */
export abstract class IterableDataset<Item> {
  [Symbol.iterator]?(): Iterator<Item>;
  [Symbol.asyncIterator]?(): AsyncIterator<Item>;
}

/** The index counted from the front, if it lies within `length`. */
export function checkIndex(owner: string, index: number, length: number): number {
  const fromFront = index < 0 ? index + length : index;
  if (!Number.isInteger(index) || fromFront < 0 || fromFront >= length) {
    throw new ShapeError(`${owner}: expected an index from ${-length} to ${length - 1}, got ${index}`);
  }
  return fromFront;
}

type Slices<Tensors extends readonly Tensor[]> = { -readonly [Key in keyof Tensors]: Tensor };

/**
 * Samples taken from tensors along their first dimension; sample i is the i-th slice of each.
 *
 * @throws ShapeError when the first dimensions differ.
 * @example
 * const data = new TensorDataset(tensor([[1, 2], [3, 4]]), tensor([5, 6]));
 * data.getItem(1); // → [[3, 4], 6]
 */
export class TensorDataset<Tensors extends readonly Tensor[]> extends Dataset<Slices<Tensors>> {
  readonly tensors: Tensors;
  readonly length: number;

  constructor(...tensors: Tensors) {
    super();
    const [first] = tensors;
    if (first === undefined) throw new UsageError("TensorDataset: expected at least one tensor");
    for (const { shape } of tensors) {
      if (shape.length === 0 || shape[0] !== first.shape[0]) {
        const shapes = tensors.map((tensor) => `[${tensor.shape.join(", ")}]`).join(", ");
        throw new ShapeError(`TensorDataset: expected tensors with equal first dimensions, got ${shapes}`);
      }
    }
    this.tensors = tensors;
    this.length = first.shape[0] ?? 0;
  }

  /** The slices of an index; negative ones count from the end. */
  getItem(index: number): Slices<Tensors> {
    const at = checkIndex("TensorDataset", index, this.length);
    return this.tensors.map((tensor) => tensor.select(0, at)) as unknown as Slices<Tensors>;
  }

  override getItems(indices: readonly number[]): Collated<Awaited<Slices<Tensors>>> {
    const checked = indices.map((index) => checkIndex("TensorDataset", index, this.length));
    const rows = fromArray(checked, [checked.length], "int32");
    return this.tensors.map((tensor) => tensor.indexSelect(0, rows)) as unknown as Collated<Awaited<Slices<Tensors>>>;
  }
}

/**
 * Some items of another data set, in the order of `indices`.
 *
 * @example
 * const data = new TensorDataset(tensor([10, 11, 12, 13]));
 * new Subset(data, [3, 1]).getItem(0); // → [13]
 */
export class Subset<Item> extends Dataset<Item> {
  readonly dataset: MapDataset<Item>;
  readonly indices: readonly number[];
  readonly length: number;
  override getItems?: (indices: readonly number[]) => Collated<Awaited<Item>>;

  constructor(dataset: MapDataset<Item>, indices: readonly number[]) {
    super();
    this.dataset = dataset;
    this.indices = indices;
    this.length = indices.length;
    const getItems = dataset.getItems?.bind(dataset);
    if (getItems !== undefined) this.getItems = (batch) => getItems(batch.map((index) => this.#at(index)));
  }

  /** The item of the index that stands there; negative ones count from the end. */
  getItem(index: number): Item {
    return this.dataset.getItem(this.#at(index));
  }

  #at(index: number): number {
    return this.indices[checkIndex("Subset", index, this.length)] as number;
  }
}

/** The data set that a `Subset`, or a `Subset` of one, takes its items from, and the index there of each of its items. */
export function originOf<Item>(dataset: MapDataset<Item>): {
  dataset: MapDataset<Item>;
  toOrigin: (index: number) => number;
} {
  // A class of one's own may do more to the items than to pick them.
  if (dataset.constructor !== Subset) return { dataset, toOrigin: (index) => index };
  const { dataset: inner, indices, length } = dataset as Subset<Item>;
  const { dataset: origin, toOrigin } = originOf(inner);
  const at = (index: number): number => indices[checkIndex("Subset", index, length)] as number;
  return { dataset: origin, toOrigin: (index) => toOrigin(at(index)) };
}

/**
 * Several data sets one after the other.
 *
 * @example
 * const [first, second] = [new TensorDataset(tensor([1, 2])), new TensorDataset(tensor([3]))];
 * const both = new ConcatDataset([first, second]);
 * both.getItem(2); // → [3]
 * both.cumulativeSizes; // → [2, 3]
 */
export class ConcatDataset<Item> extends Dataset<Item> {
  readonly datasets: readonly MapDataset<Item>[];
  /** How many items each data set and those before it have. */
  readonly cumulativeSizes: readonly number[];
  readonly length: number;

  constructor(datasets: readonly MapDataset<Item>[]) {
    super();
    if (datasets.length === 0) throw new UsageError("ConcatDataset: expected at least one data set");
    if (datasets.some((dataset: unknown) => dataset instanceof IterableDataset))
      throw new UsageError("ConcatDataset: expected data sets with indices, got an IterableDataset; use ChainDataset");
    this.datasets = datasets;
    let length = 0;
    this.cumulativeSizes = datasets.map((dataset) => {
      length += dataset.length;
      return length;
    });
    this.length = length;
  }

  /** The item of an index over all of them; negative ones count from the end. */
  getItem(index: number): Item {
    const at = checkIndex("ConcatDataset", index, this.length);
    const which = this.cumulativeSizes.findIndex((end) => at < end);
    const dataset = this.datasets[which] as MapDataset<Item>;
    return dataset.getItem(at - (this.cumulativeSizes[which] as number) + dataset.length);
  }
}

/**
 * Splits a data set at random into parts that share no item.
 *
 * `lengths` are sizes that add up to the data set's, or fractions that add up to 1; what rounding down leaves
 * over goes to the parts in turn. `generator` defaults to the global one; equal seeds give PyTorch's split.
 *
 * @throws UsageError when the lengths do not add up.
 * @example
 * manualSeed(0);
 * const data = new TensorDataset(arange(10));
 * const [training, validation] = randomSplit(data, [0.8, 0.2]);
 * [training.length, validation.length]; // → [8, 2]
 * validation.indices; // → [6, 2]
 */
export function randomSplit<Item, const Lengths extends readonly number[]>(
  dataset: MapDataset<Item>,
  lengths: Lengths,
  options: { generator?: Generator } = {},
): { -readonly [Key in keyof Lengths]: Subset<Item> } {
  const sizes = splitSizes(dataset.length, lengths);
  const order = Array.from(randperm(dataset.length, options).toTypedArray());
  let start = 0;
  const parts = sizes.map((size) => {
    start += size;
    return new Subset(dataset, order.slice(start - size, start));
  });
  return parts as { -readonly [Key in keyof Lengths]: Subset<Item> };
}

function splitSizes(total: number, lengths: readonly number[]): number[] {
  if (lengths.some((length) => !(length >= 0))) {
    throw new UsageError(`randomSplit: expected lengths that are not negative, got [${lengths.join(", ")}]`);
  }
  const sum = lengths.reduce((a, b) => a + b, 0);
  if (Math.abs(sum - 1) <= 1e-9 && sum <= 1) {
    const sizes = lengths.map((fraction) => Math.floor(total * fraction));
    const left = total - sizes.reduce((a, b) => a + b, 0);
    for (let i = 0; i < left; i++) sizes[i % sizes.length] = (sizes[i % sizes.length] as number) + 1;
    return sizes;
  }
  if (sum !== total || lengths.some((length) => !Number.isInteger(length))) {
    throw new UsageError(
      `randomSplit: expected lengths that add up to the data set's ${total} items, or fractions that add up to 1, got [${lengths.join(", ")}]`,
    );
  }
  return [...lengths];
}
