import type { DType, TypedArray } from "@kindling/tensor";
import { empty, Tensor } from "@kindling/tensor";
import { bytesOf } from "../transforms/pixels.js";
import type { DescribedError } from "./described-error.js";

/** What a worker is told when it starts. */
export interface WorkerStart {
  /** Address of the user's module. */
  readonly module: string;
  /** Handed to the module's `dataset` function. */
  readonly argument: unknown;
  readonly id: number;
  readonly numWorkers: number;
  readonly seed: bigint;
  /** Of streams, whose batches the worker itself cuts. */
  readonly batchSize: number;
  readonly dropLast: boolean;
}

/** Asks for a batch: of these items, or the next of a stream. */
export interface Task {
  readonly epoch: number;
  readonly number: number;
  readonly indices: readonly number[] | null;
}

/** A worker's answers: one when it is ready, then one for each task, in their order. */
export type Reply =
  | { readonly kind: "ready"; readonly length: number | null; readonly hasCollate: boolean }
  | { readonly kind: "failed"; readonly error: DescribedError }
  | Answer;

/** What became of a task; `end` if the stream has ended. */
export type Answer = { readonly epoch: number; readonly number: number } & (
  | { readonly kind: "batch"; readonly batch: Packed }
  | { readonly kind: "error"; readonly error: DescribedError; readonly where: string }
  | { readonly kind: "end" }
);

/** A value in a form that crosses threads: tensors become their bytes. */
export type Packed =
  | { readonly kind: "tensor"; readonly dtype: DType; readonly shape: readonly number[]; readonly bytes: Uint8Array }
  | { readonly kind: "list"; readonly items: readonly Packed[] }
  | { readonly kind: "record"; readonly entries: readonly (readonly [string, Packed])[] }
  | { readonly kind: "value"; readonly value: unknown };

/** Packs a batch; the buffers in `transfer` move to the other thread instead of being copied once more. */
export function pack(value: unknown, transfer: ArrayBuffer[]): Packed {
  if (value instanceof Tensor) {
    // A copy, for the tensor may be one that the data set keeps.
    const data: TypedArray = value.toTypedArray();
    transfer.push(data.buffer as ArrayBuffer);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return { kind: "tensor", dtype: value.dtype, shape: value.shape, bytes };
  }
  if (Array.isArray(value)) return { kind: "list", items: value.map((item) => pack(item, transfer)) };
  if (typeof value === "object" && value !== null && isPlain(value)) {
    return { kind: "record", entries: Object.entries(value).map(([key, member]) => [key, pack(member, transfer)]) };
  }
  return { kind: "value", value };
}

export function unpack(packed: Packed): unknown {
  switch (packed.kind) {
    case "tensor": {
      const tensor = empty(packed.shape, { dtype: packed.dtype });
      bytesOf(tensor).set(packed.bytes);
      return tensor;
    }
    case "list":
      return packed.items.map(unpack);
    case "record":
      return Object.fromEntries(packed.entries.map(([key, member]) => [key, unpack(member)]));
    case "value":
      return packed.value;
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
