import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { NotCovered } from "./outcome.js";

/** Numbers in a group's bin, as the golden folder's README describes them. */
export interface Blob {
  readonly dtype: keyof typeof arrays;
  readonly shape: readonly number[];
  readonly at: number;
  /** Relative and absolute tolerance; exactly equal without. */
  readonly tol?: readonly [number, number];
  /** Absolute tolerance of every element. */
  readonly tol_at?: Blob;
  readonly requires_grad?: boolean;
}

/** A value in a case: JSON with blobs in it. */
export type Golden = Blob | number | boolean | string | null | readonly Golden[] | GoldenRecord;
export type GoldenRecord = { readonly [name: string]: Golden };

export interface ExpectedError {
  readonly class: string;
  readonly message: string;
  /** Of modules: "init" or "forward". */
  readonly stage?: string;
  /** Of programs: which step throws. */
  readonly step?: number;
}

export interface Case {
  readonly id: string;
  readonly op: string;
  readonly kind: string;
  readonly error?: ExpectedError;
}

// Every int64 in the folder fits 32 bits.
const arrays = {
  float32: Float32Array,
  float64: Float64Array,
  int64: Int32Array,
  int32: Int32Array,
  int16: Int16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const;

export type Numbers = InstanceType<(typeof arrays)[keyof typeof arrays]>;

export function isBlob(value: unknown): value is Blob {
  return typeof value === "object" && value !== null && "at" in value && "shape" in value && "dtype" in value;
}

/** One group of cases with its numbers. */
export class Group {
  readonly name: string;
  readonly title: string;
  readonly cases: readonly Case[];
  readonly #bytes: ArrayBuffer;

  constructor(folder: string, { group, json }: ManifestEntry) {
    const head = JSON.parse(readFileSync(join(folder, json), "utf8")) as {
      format: number;
      title: string;
      bin: string;
      bytes: number;
      cases: Case[];
    };
    if (head.format !== 1) throw new Error(`${json}: expected format 1, got ${head.format}`);
    const file = readFileSync(join(folder, head.bin));
    if (file.length !== head.bytes) {
      throw new Error(`${head.bin}: expected ${head.bytes} bytes, got ${file.length}`);
    }
    this.name = group;
    this.title = head.title;
    this.cases = head.cases;
    this.#bytes = new Uint8Array(file).buffer;
  }

  /** The numbers of a blob: a view, not to be written. */
  data(blob: Blob): Numbers {
    if (!Object.hasOwn(arrays, blob.dtype)) throw new NotCovered(`dtype ${blob.dtype}`);
    const count = blob.shape.reduce((product, size) => product * size, 1);
    return new arrays[blob.dtype](this.#bytes, blob.at, count);
  }
}

interface ManifestEntry {
  readonly group: string;
  readonly json: string;
}

export const repositoryRoot = fileURLToPath(new URL("../../..", import.meta.url));

/** The golden folder: `GOLDEN_DIR`, seen from the root of the repository. */
export function goldenFolder(): string {
  const folder = process.env.GOLDEN_DIR || "../shared/golden";
  return isAbsolute(folder) ? folder : join(repositoryRoot, folder);
}

/** Whether a folder holds golden cases. */
export function hasManifest(folder: string): boolean {
  return existsSync(join(folder, "manifest.json"));
}

/** All groups of a folder, in the order of its manifest; each is read when it is asked for. */
export function* readGroups(folder: string): Generator<Group> {
  const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as { groups: ManifestEntry[] };
  for (const entry of manifest.groups) yield new Group(folder, entry);
}
