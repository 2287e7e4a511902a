import { join } from "node:path";
import {
  CIFAR10,
  ConcatDataset,
  DataLoader,
  Dataset,
  defaultCollate,
  randomSplit,
  SequentialSampler,
  Subset,
  TensorDataset,
} from "@kindling/datasets";
import { DataError, Tensor } from "@kindling/tensor";
import { transformations } from "../adapters/transforms.js";
import { expectThrows, lookUp, withArguments } from "../call.js";
import { expectEqual, expectSame, type Got } from "../compare.js";
import { decode, decodeAll, decodeTensor } from "../decode.js";
import { type Blob, type Case, type Golden, type Group, isBlob, repositoryRoot } from "../folder.js";
import { strided } from "../layout.js";
import { Mismatch, NotCovered } from "../outcome.js";
import { boolean, number, word } from "../parsers.js";
import { deviationOf, meanOf } from "../statistics.js";

type Goldens = { readonly [name: string]: Golden };

interface DatasetCase extends Case {
  readonly split: string;
  readonly offset: number;
  readonly count: number;
  readonly indices: readonly number[];
  readonly images: Blob;
  readonly labels: Blob;
  readonly label_counts: readonly number[];
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** What is missing where CIFAR-10 has not been fetched: the data, no code. */
export const missingCifar10 = "CIFAR-10 in data/, where npm start puts it";

/** CIFAR-10 from the repository's data folder; nothing is downloaded here. */
export async function runDataset(group: Group, golden: Case): Promise<void> {
  const { op, split, offset, count, indices, images, labels, ...statistics } = golden as DatasetCase;
  if (op !== "cifar10") throw new NotCovered(op);
  const data = await CIFAR10.load({ root: join(repositoryRoot, "data"), train: split === "train" }).catch((error) => {
    throw error instanceof DataError ? new NotCovered(missingCifar10) : error;
  });
  const [gotImages, gotLabels] = data.getItems(indices);
  expectSame(group, "images", gotImages, images);
  expectSame(group, "labels", gotLabels, labels);
  const some = data.targets.slice(offset, offset + count);
  const counts = statistics.label_counts.map((_, label) => some.filter((target) => target === label).length);
  expectEqual("label counts", counts, statistics.label_counts);
  const window = data.images.narrow(0, offset, count);
  for (const [channel, mean] of statistics.mean.entries()) {
    const bytes = window.select(1, channel).toTypedArray();
    expectNear(`mean of channel ${channel}`, meanOf(bytes) / 255, mean);
    expectNear(`std of channel ${channel}`, deviationOf(bytes) / 255, statistics.std[channel] as number);
  }
}

/** Equal to the six places that the case gives. */
function expectNear(what: string, got: number, want: number): void {
  if (!(Math.abs(got - want) <= 1e-6)) throw new Mismatch(`${what}: ${got} for ${want}`);
}

interface TransformCase extends Case {
  readonly options: Goldens;
  readonly input: Blob;
  readonly output: Blob;
}

export function runTransform(group: Group, golden: Case): void {
  const { op, options, input, output, error } = golden as TransformCase;
  const name = op.replace(/^transforms\./, "");
  const apply = lookUp(transformations, name);
  for (const layout of [(x: Tensor) => x, strided]) {
    const image = decodeTensor(group, input, { layout });
    const run = (): Tensor => withArguments(op, decodeAll(group, options), (a) => apply(image, a));
    if (error) expectThrows(error, run);
    else expectSame(group, "image", run(), output);
  }
}

/** The numbers from `first` on. */
class Range extends Dataset<number> {
  readonly length: number;
  readonly #first: number;

  constructor(length: number, first = 0) {
    super();
    this.length = length;
    this.#first = first;
  }

  getItem(index: number): number {
    return this.#first + (index < 0 ? index + this.length : index);
  }
}

interface LoaderCase extends Case {
  readonly length?: number;
  readonly tensors?: readonly Blob[];
  readonly batch_size?: number;
  readonly drop_last?: boolean;
  readonly options?: Goldens;
  readonly batches: readonly (readonly Golden[])[];
  readonly n_batches?: number;
}

export function runDataLoader(group: Group, golden: Case): void {
  const { op, length = 10, tensors, batch_size, drop_last, error, batches, n_batches } = golden as LoaderCase;
  const { options = {} } = golden as LoaderCase;
  const data =
    tensors === undefined ? new Range(length) : new TensorDataset(...tensors.map((blob) => decodeTensor(group, blob)));
  const given = {
    ...(batch_size === undefined ? {} : { batch_size }),
    ...(drop_last === undefined ? {} : { drop_last }),
  };
  const build = (): DataLoader<unknown, unknown> =>
    withArguments(op, decodeAll(group, { ...given, ...options }), (a) => {
      const sampler: string | undefined = a.maybe("sampler", word);
      if (sampler !== undefined && sampler !== "SequentialSampler") throw new NotCovered(sampler);
      return new DataLoader<unknown, unknown>(data as Dataset<unknown>, {
        ...a.options({ batchSize: number, dropLast: boolean, shuffle: boolean }),
        ...(sampler === undefined ? {} : { sampler: new SequentialSampler(data) }),
      });
    });
  if (error) {
    expectThrows(error, build);
    return;
  }
  const loader = build();
  if (n_batches !== undefined) expectEqual("number of batches", loader.length, n_batches);
  const got = [...loader];
  expectEqual("batches that came", got.length, batches.length);
  batches.forEach((batch, i) => {
    expectStructure(group, `batch ${i}`, got[i], batch);
  });
}

interface CollateCase extends Case {
  readonly samples: readonly Golden[];
  readonly output: Golden;
}

export function runCollate(group: Group, golden: Case): void {
  const { samples, output } = golden as CollateCase;
  expectStructure(group, "batch", defaultCollate<unknown>(samples.map((sample) => decode(group, sample))), output);
}

/** Compares lists and records member by member, tensors with blobs or with the numbers of a list. */
function expectStructure(group: Group, where: string, got: unknown, want: Golden): void {
  if (isBlob(want)) expectSame(group, where, got as Got, want);
  else if (got instanceof Tensor) expectEqual(where, got.toArray(), want);
  else if (typeof want === "object" && want !== null) {
    const members = got as Readonly<Record<string, unknown>>;
    expectEqual(`members of ${where}`, Object.keys(members).sort(), Object.keys(want).sort());
    for (const [name, member] of Object.entries(want)) {
      expectStructure(group, `${where}.${name}`, members[name], member as Golden);
    }
  } else expectEqual(where, got, want);
}

interface IndexCase extends Case {
  readonly length: number;
  readonly lengths?: readonly number[];
  readonly first_values?: readonly number[];
  readonly base?: string;
  readonly indices?: readonly number[];
  readonly lookups?: readonly (readonly [index: number, value: number])[];
  readonly split_sizes?: readonly number[];
}

export function runDatasetIndex(_group: Group, golden: Case): void {
  const {
    op,
    length,
    lengths = [],
    first_values = [],
    base,
    indices = [],
    lookups = [],
    ...rest
  } = golden as IndexCase;
  if (op === "random_split") {
    runRandomSplit(length, lengths, rest);
    return;
  }
  let data: Dataset<number>;
  if (op === "ConcatDataset") data = new ConcatDataset(lengths.map((size, k) => new Range(size, first_values[k])));
  else if (op === "Subset") {
    const [first, last] = (base ?? "").split(" to ").map(Number) as [number, number];
    data = new Subset(new Range(last - first + 1, first), indices);
  } else throw new NotCovered(op);
  expectEqual("length", data.length, length);
  for (const [index, value] of lookups) expectEqual(`item ${index}`, data.getItem(index), value);
}

function runRandomSplit(
  length: number,
  lengths: readonly number[],
  { error, split_sizes }: Pick<IndexCase, "error" | "split_sizes">,
): void {
  const split = (): Subset<number>[] => randomSplit(new Range(length), lengths);
  if (error) {
    expectThrows(error, split);
    return;
  }
  const parts = split();
  expectEqual(
    "sizes",
    parts.map((part) => part.length),
    split_sizes,
  );
  const all = parts.flatMap((part) => [...part]).sort((a, b) => a - b);
  expectEqual("all parts together", all, [...new Range(length)]);
}
