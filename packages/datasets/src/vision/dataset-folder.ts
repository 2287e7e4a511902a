import { DataError, UsageError } from "@kindling/tensor";
import { checkIndex, Dataset } from "../dataset.js";
import { nodeModule } from "../node-module.js";
import { applyTransform, type TransformLike } from "../transforms/transform.js";

/** Which files a `DatasetFolder` has, and what becomes of them. */
export interface DatasetFolderOptions<Sample, Transformed> {
  /** Endings of the files that count, such as `.png`; capitals make no difference. Excludes `isValidFile`. */
  extensions?: readonly string[];
  /** Whether the file of a path counts. Excludes `extensions`. */
  isValidFile?: (path: string) => boolean;
  /** Applied to what the loader gives. */
  transform?: TransformLike<Sample, Transformed>;
  /** Applied to each class. */
  targetTransform?: TransformLike<number, number>;
  /** Whether a class may have no file. Default false. */
  allowEmpty?: boolean;
}

/** Names of the classes, and the class by name. */
export interface Classes {
  readonly classes: readonly string[];
  readonly classToIdx: Readonly<Record<string, number>>;
}

/**
 * Files in a folder for each class: `root/cat/1.txt`, `root/dog/old/7.txt`. The classes are the folders' names, sorted;
 * samples are sorted by class, then folder, then name, as in torchvision. Links are followed.
 *
 * Needs Node; the folders are read once, when it is made, and each file when it is asked for.
 *
 * @throws DataError when there is no class, or a class without files; UsageError unless just one of `extensions` and
 *   `isValidFile` is given.
 * @example
 * import * as fs from "node:fs";
 *
 * for (const name of ["good", "bad"]) fs.mkdirSync(`texts/${name}`, { recursive: true });
 * fs.writeFileSync("texts/good/1.txt", "well done");
 * fs.writeFileSync("texts/bad/1.txt", "oh no");
 * const data = new DatasetFolder("texts", (path) => fs.readFileSync(path, "utf8"), { extensions: [".txt"] });
 * data.classes; // → ["bad", "good"]
 * data.getItem(1); // → ["well done", 1]
 */
export class DatasetFolder<Sample, Transformed = Sample> extends Dataset<[sample: Transformed, target: number]> {
  readonly root: string;
  readonly loader: (path: string) => Sample;
  readonly classes: readonly string[];
  readonly classToIdx: Readonly<Record<string, number>>;
  /** Path and class of each file. */
  readonly samples: readonly (readonly [path: string, target: number])[];
  /** The class of each file. */
  readonly targets: readonly number[];
  readonly length: number;
  readonly extensions: readonly string[] | undefined;
  readonly transform: TransformLike<Sample, Transformed> | undefined;
  readonly targetTransform: TransformLike<number, number> | undefined;

  constructor(root: string, loader: (path: string) => Sample, options: DatasetFolderOptions<Sample, Transformed> = {}) {
    super();
    const { extensions, isValidFile, transform, targetTransform, allowEmpty = false } = options;
    const owner = this.constructor.name;
    if (typeof root !== "string" || root === "")
      throw new UsageError(`${owner}: expected root to name a directory, got ${JSON.stringify(root)}`);
    if ((extensions === undefined) === (isValidFile === undefined))
      throw new UsageError(`${owner}: give extensions or isValidFile, and not both`);
    this.root = root;
    this.loader = loader;
    this.extensions = extensions;
    this.transform = transform;
    this.targetTransform = targetTransform;
    const { classes, classToIdx } = this.findClasses(root);
    this.classes = classes;
    this.classToIdx = classToIdx;
    const endings = extensions?.map((extension) => extension.toLowerCase()) ?? [];
    const counts = isValidFile ?? ((path) => endings.some((ending) => path.toLowerCase().endsWith(ending)));
    const samples = sorted(Object.keys(classToIdx)).flatMap((name) =>
      filesUnder(join(root, name))
        .filter(counts)
        .map((path) => [path, classToIdx[name] as number] as const),
    );
    this.samples = samples;
    this.targets = samples.map(([, target]) => target);
    this.length = samples.length;
    if (!allowEmpty) this.#checkNoneEmpty();
  }

  /** The classes of a directory: its folders, sorted. A subclass may choose others. */
  findClasses(directory: string): Classes {
    const classes = sorted(entriesOf(directory).folders);
    if (classes.length === 0) {
      throw new DataError(
        `${directory}: expected a folder for each class, found none; put the files of each class into a folder of its name`,
      );
    }
    return { classes, classToIdx: Object.fromEntries(classes.map((name, index) => [name, index])) };
  }

  /** What the loader gives of a file, and the class of that, after the transforms. */
  getItem(index: number): [sample: Transformed, target: number] {
    const at = checkIndex(this.constructor.name, index, this.length);
    const [path, target] = this.samples[at] as readonly [string, number];
    const { transform, targetTransform } = this;
    const sample = this.loader(path);
    return [
      transform === undefined ? (sample as unknown as Transformed) : applyTransform(transform, sample),
      targetTransform === undefined ? target : applyTransform(targetTransform, target),
    ];
  }

  override toString(): string {
    return `Dataset ${this.constructor.name}\n    Number of datapoints: ${this.length}\n    Root location: ${this.root}`;
  }

  #checkNoneEmpty(): void {
    const found = new Set(this.targets);
    const empty = Object.keys(this.classToIdx).filter((name) => !found.has(this.classToIdx[name] as number));
    if (empty.length === 0) return;
    const wanted = this.extensions === undefined ? "" : ` with the endings ${this.extensions.join(", ")}`;
    throw new DataError(
      `${this.root}: found no files${wanted} of the classes ${sorted(empty).join(", ")}; add some, remove the folders, or pass allowEmpty: true`,
    );
  }
}

const join = (directory: string, name: string): string =>
  /[\\/]$/.test(directory) ? directory + name : `${directory}/${name}`;

/** Sorted as Python does: by code points. */
function sorted(names: readonly string[]): string[] {
  return names.toSorted((a, b) => {
    for (let i = 0; i < a.length && i < b.length; ) {
      const [x, y] = [a.codePointAt(i) as number, b.codePointAt(i) as number];
      if (x !== y) return x - y;
      i += x > 0xffff ? 2 : 1;
    }
    return a.length - b.length;
  });
}

/** All files below a directory: its folders sorted by their paths, in each the files by name. */
function filesUnder(directory: string): string[] {
  const { realpathSync } = nodeModule("node:fs", "DatasetFolder");
  const byFolder = new Map<string, readonly string[]>();
  const visit = (folder: string, above: ReadonlySet<string>): void => {
    const real = realpathSync(folder);
    if (above.has(real)) return; // a link to a folder that it lies in
    const { files, folders } = entriesOf(folder);
    byFolder.set(folder, files);
    for (const name of folders) visit(join(folder, name), new Set([...above, real]));
  };
  visit(directory, new Set());
  return sorted([...byFolder.keys()]).flatMap((folder) =>
    sorted(byFolder.get(folder) ?? []).map((name) => join(folder, name)),
  );
}

function entriesOf(directory: string): { files: string[]; folders: string[] } {
  const { readdirSync, statSync } = nodeModule("node:fs", "DatasetFolder");
  const [files, folders]: [string[], string[]] = [[], []];
  try {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      const isFolder = entry.isSymbolicLink()
        ? statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
        : entry.isDirectory();
      (isFolder ? folders : files).push(entry.name);
    }
  } catch (cause) {
    throw new DataError(`${directory}: cannot read the directory: ${(cause as Error).message}`, { cause });
  }
  return { files, folders };
}
