import { empty, type Tensor, UsageError } from "@kindling/tensor";
import { type Collated, defaultCollate } from "../collate.js";
import { checkIndex, Dataset } from "../dataset.js";
import type { ProgressListener } from "../progress.js";
import { makeBatch, planBatches } from "../transforms/batch.js";
import { bytesOf } from "../transforms/pixels.js";
import { applyTransform, type TransformLike } from "../transforms/transform.js";
import type { LabelledImages } from "./cifar-format.js";

/** What the data sets of images that are loaded from files have in common. */
export interface VisionOptions {
  /** Directory of the files. Default "./data". */
  root?: string;
  /** The training split (default) or the test split. */
  train?: boolean;
  /** Applied to each image, a uint8 tensor `[C, H, W]`. */
  transform?: TransformLike<Tensor, Tensor>;
  /** Applied to each label. */
  targetTransform?: TransformLike<number, number>;
  /** Whether files that `root` does not hold are fetched into it. Default false. */
  download?: boolean;
  /** Told about the download as it goes on. */
  progress?: ProgressListener;
}

/**
 * Images with a class each, held in memory as bytes until a transform asks for more.
 *
 * @example
 * const data = { images: Uint8Array.of(1, 2, 3, 4), labels: Uint8Array.of(0, 1) };
 * new VisionDataset(data, [1, 1, 2], ["cat", "dog"], {}).getItem(1); // → [[[[3, 4]]], 1]
 */
export class VisionDataset extends Dataset<[image: Tensor, target: number]> {
  /** All images as they came: uint8 `[n, C, H, W]`. */
  readonly images: Tensor;
  /** The class of each image. */
  readonly targets: readonly number[];
  /** Names of the classes. */
  readonly classes: readonly string[];
  /** Class by name. */
  readonly classToIdx: Readonly<Record<string, number>>;
  readonly length: number;
  readonly transform: TransformLike<Tensor, Tensor> | undefined;
  readonly targetTransform: TransformLike<number, number> | undefined;

  constructor(data: LabelledImages, imageShape: readonly number[], classes: readonly string[], options: VisionOptions) {
    super();
    this.targets = Array.from(data.labels);
    this.length = this.targets.length;
    this.images = empty([this.length, ...imageShape], { dtype: "uint8" });
    bytesOf(this.images).set(data.images);
    this.classes = classes;
    this.classToIdx = Object.fromEntries(classes.map((name, index) => [name, index]));
    this.transform = options.transform;
    this.targetTransform = options.targetTransform;
  }

  /** The image and its class, after the transforms; without one, the image is a uint8 tensor `[C, H, W]`. */
  getItem(index: number): [image: Tensor, target: number] {
    const at = checkIndex(this.constructor.name, index, this.length);
    const image = this.images.select(0, at).clone();
    return [this.transform === undefined ? image : applyTransform(this.transform, image), this.#target(at)];
  }

  override getItems(indices: readonly number[]): [Tensor, Tensor] {
    const plan = planBatches(this.transform);
    if (plan === null) return defaultCollate(indices.map((index) => this.getItem(index))) as [Tensor, Tensor];
    const checked = indices.map((index) => checkIndex(this.constructor.name, index, this.length));
    const images = makeBatch(this.images, checked, plan);
    const targets = checked.map((index) => this.#target(index));
    return [images, defaultCollate(targets) as Collated<number>];
  }

  #target(index: number): number {
    const target = this.targets[index] as number;
    return this.targetTransform === undefined ? target : applyTransform(this.targetTransform, target);
  }

  override toString(): string {
    return `Dataset ${this.constructor.name}\n    Number of datapoints: ${this.length}`;
  }
}

/** Checks what was passed to a `load` function, for callers without types. */
export function checkVisionOptions(
  owner: string,
  options: VisionOptions,
): { root: string; train: boolean; download: boolean } {
  const { root = "./data", train = true, download = false } = options;
  if (typeof root !== "string" || root === "")
    throw new UsageError(`${owner}: expected root to name a directory, got ${JSON.stringify(root)}`);
  for (const [name, value] of Object.entries({ train, download })) {
    if (typeof value !== "boolean")
      throw new UsageError(`${owner}: expected ${name} to be true or false, got ${JSON.stringify(value)}`);
  }
  return { root, train, download };
}
