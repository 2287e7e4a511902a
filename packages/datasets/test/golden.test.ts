import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fromArray, Tensor, type TypedArray } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import {
  CIFAR10,
  ConcatDataset,
  DataLoader,
  defaultCollate,
  randomSplit,
  SequentialSampler,
  Subset,
  TensorDataset,
  transforms,
} from "../src/index.js";
import { Counter } from "./counter.js";

// Cases computed with PyTorch, kept beside the repository; GOLDEN_DIR points elsewhere.
const directory = process.env.GOLDEN_DIR ?? join(import.meta.dirname, "../../../../shared/golden");
const hasGolden = existsSync(join(directory, "datasets.json"));
const cifarRoot = process.env.CIFAR10_DIR ?? join(import.meta.dirname, "../../../data");
const hasCifar = existsSync(join(cifarRoot, "cifar-10-batches-bin", "test_batch.bin"));

interface Blob {
  dtype: "float32" | "float64" | "int64" | "uint8";
  shape: number[];
  at: number;
  tol?: [rtol: number, atol: number];
}

interface Case {
  id: string;
  op: string;
  kind: string;
  // biome-ignore lint/suspicious/noExplicitAny: each kind of case has fields of its own.
  [field: string]: any;
}

function isBlob(value: unknown): value is Blob {
  return typeof value === "object" && value !== null && "at" in value && "shape" in value;
}

const file = hasGolden ? readFileSync(join(directory, "datasets.bin")) : Buffer.alloc(0);
const cases: Case[] = hasGolden ? JSON.parse(readFileSync(join(directory, "datasets.json"), "utf8")).cases : [];
const ofKind = (kind: string) => cases.filter((one) => one.kind === kind);

function numbers({ dtype, shape, at }: Blob): TypedArray {
  const types = { float32: Float32Array, float64: Float64Array, int64: Int32Array, uint8: Uint8Array };
  const bytes = file.buffer.slice(file.byteOffset + at, file.byteOffset + file.length);
  return new types[dtype](
    bytes,
    0,
    shape.reduce((product, size) => product * size, 1),
  );
}

const toTensor = (blob: Blob) => fromArray(numbers(blob), blob.shape, blob.dtype === "int64" ? "int32" : blob.dtype);

/** Replaces the stored tensors in a JSON value by tensors. */
function decode(value: unknown): unknown {
  if (isBlob(value)) return toTensor(value);
  if (Array.isArray(value)) return value.map(decode);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, decode(member)]));
}

function expectEqual(got: unknown, want: unknown): void {
  if (isBlob(want)) {
    expect(got).toBeInstanceOf(Tensor);
    const actual = got as Tensor;
    expect([actual.shape, actual.dtype]).toEqual([want.shape, want.dtype === "int64" ? "int32" : want.dtype]);
    const [relative, absolute] = want.tol ?? [0, 0];
    const expected = numbers(want);
    const wrong = actual.toTypedArray().findIndex((value, i) => {
      const right = expected[i] as number;
      return !(Math.abs(value - right) <= absolute + relative * Math.abs(right));
    });
    expect(wrong).toBe(-1);
  } else if (Array.isArray(want)) {
    expect(Array.isArray(got) && got.length).toBe(want.length);
    for (const [i, member] of want.entries()) expectEqual((got as unknown[])[i], member);
  } else if (typeof want === "object" && want !== null) {
    for (const [key, member] of Object.entries(want)) expectEqual((got as Record<string, unknown>)[key], member);
  } else {
    expect(got).toEqual(want);
  }
}

const { functional } = transforms;
const transformed: Record<string, (image: Tensor, options: Case) => Tensor> = {
  to_tensor: (image) => {
    // torchvision takes [H, W, C]; images here are [C, H, W].
    const [height, width, channels] = image.shape as [number, number, number];
    const bytes = image.toTypedArray();
    const planes = Uint8Array.from(
      bytes,
      (_, i) => bytes[(i % (height * width)) * channels + Math.floor(i / (height * width))] as number,
    );
    return functional.toTensor(fromArray(planes, [channels, height, width], "uint8"));
  },
  normalize: (image, { mean, std }) => functional.normalize(image, mean, std),
  center_crop: (image, { output_size }) => functional.centerCrop(image, output_size),
  pad: (image, { padding, fill, padding_mode }) => functional.pad(image, padding, { fill, paddingMode: padding_mode }),
  hflip: (image) => functional.hflip(image),
  vflip: (image) => functional.vflip(image),
  crop: (image, { top, left, height, width }) => functional.crop(image, top, left, height, width),
  rgb_to_grayscale: (image) => functional.rgbToGrayscale(image),
  resize: (image, { size, interpolation, antialias }) => functional.resize(image, size, { interpolation, antialias }),
};

describe.skipIf(!hasGolden)("golden cases (skipped without the folder of golden vectors)", () => {
  it("are all of a kind that is tested here", () => {
    const kinds = new Set(cases.map(({ kind }) => kind));
    expect(kinds).toEqual(new Set(["dataset", "transform", "dataloader", "collate", "dataset_index"]));
    expect(cases.length).toBeGreaterThan(30);
  });

  it.each(ofKind("transform"))("$id", ({ op, options, input, output }) => {
    const run = transformed[op.replace("transforms.", "")];
    expect(run, `no adapter for ${op}`).toBeDefined();
    expectEqual(run?.(toTensor(input), options), output);
  });

  it.each(ofKind("dataloader"))("$id", (one) => {
    if (one.error !== undefined) {
      const { batch_size, shuffle, sampler } = one.options;
      const data = new Counter(0, 4);
      const options = {
        batchSize: batch_size,
        shuffle: shuffle ?? false,
        ...(sampler ? { sampler: new SequentialSampler(data) } : {}),
      };
      expect(() => new DataLoader(data, options)).toThrow();
      return;
    }
    const options = { batchSize: one.batch_size, dropLast: one.drop_last };
    if (one.op === "TensorDataset") {
      expectEqual([...new DataLoader(new TensorDataset(...one.tensors.map(toTensor)), options)], one.batches);
      return;
    }
    const loader = new DataLoader(new Counter(0, one.length), options);
    expect(Array.from(loader, (batch) => batch.toArray())).toEqual(one.batches);
    expect(loader.length).toBe(one.n_batches);
  });

  it.each(ofKind("collate"))("$id", ({ samples, output }) => {
    expectEqual(defaultCollate(decode(samples) as unknown[]), output);
  });

  it.each(ofKind("dataset_index"))("$id", (one) => {
    if (one.op === "random_split") {
      const split = () => randomSplit(new Counter(0, one.length), one.lengths);
      if (one.error !== undefined) {
        expect(split).toThrow();
        return;
      }
      const parts = split();
      expect(parts.map((part) => part.length)).toEqual(one.split_sizes);
      const all = parts.flatMap((part) => [...part]).toSorted((a, b) => a - b);
      expect(all).toEqual(Array.from({ length: one.length }, (_, i) => i));
      return;
    }
    const data =
      one.op === "Subset"
        ? new Subset(new Counter(10, 10), one.indices)
        : new ConcatDataset(one.lengths.map((length: number, k: number) => new Counter(one.first_values[k], length)));
    expect(data.length).toBe(one.length);
    for (const [index, value] of one.lookups) expect(data.getItem(index)).toBe(value);
  });

  it.skipIf(!hasCifar).each(ofKind("dataset"))("$id (skipped without CIFAR-10 in data/)", async (one) => {
    const data = await CIFAR10.load({ root: cifarRoot, train: one.split === "train" });
    expect(data.length).toBe(one.split === "train" ? 50_000 : 10_000);
    expectEqual(data.getItems(one.indices), [one.images, one.labels]);
    const counts = new Array<number>(10).fill(0);
    for (const target of data.targets.slice(one.offset, one.offset + one.count))
      counts[target] = (counts[target] as number) + 1;
    expect(counts).toEqual(one.label_counts);
  });
});
