import { DTypeError, fromArray, ShapeError, stack, Tensor, typedArrayDType, UsageError } from "@kindling/tensor";

/**
 * What a batch of `Item`s becomes: tensors are stacked, numbers and booleans become a tensor, strings stay an
 * array; tuples, arrays and objects keep their form, with batches inside. `[Tensor, number]` → `[Tensor, Tensor]`.
 */
export type Collated<Item> = Item extends Tensor | number | boolean | NumberArray
  ? Tensor
  : Item extends string
    ? string[]
    : { -readonly [Key in keyof Item]: Collated<Item[Key]> };

type NumberArray = Float32Array | Float64Array | Int32Array | Int16Array | Int8Array | Uint8Array;

/**
 * Puts samples together as PyTorch's `default_collate` does.
 *
 * - tensors of equal shape are stacked along a new first dimension; typed arrays likewise
 * - numbers become a tensor of shape `[n]`: int32 if all are whole (labels), else float64
 * - booleans become a bool tensor, strings an array of strings
 * - arrays (tuples) and plain objects are collated member by member
 *
 * Regression targets that happen to be whole numbers would become int32: give them as tensors.
 *
 * @throws ShapeError when shapes or lengths differ between samples.
 * @throws UsageError when the kinds differ, or a sample holds something that has no batch.
 * @example
 * defaultCollate([[tensor([1, 2]), 0], [tensor([3, 4]), 1]]); // → [[[1, 2], [3, 4]], [0, 1]]
 */
export function defaultCollate<Item>(items: readonly Item[]): Collated<Item> {
  if (items.length === 0) throw new UsageError("defaultCollate: expected at least one sample, got none");
  return collate(items, "sample") as Collated<Item>;
}

const ownCollate = "give DataLoader a collate function of your own for such samples";

function collate(values: readonly unknown[], path: string): unknown {
  const [first] = values;
  if (first instanceof Tensor) return stackTensors(all(values, path, "a tensor", isTensor), path);
  if (typeof first === "number") return stackNumbers(all(values, path, "a number", isNumber));
  if (typeof first === "boolean")
    return fromArray(all(values, path, "a boolean", isBoolean).map(Number), [values.length], "bool");
  if (typeof first === "string") return all(values, path, "a string", isString);
  if (ArrayBuffer.isView(first)) return stackTypedArrays(all(values, path, "a typed array", ArrayBuffer.isView), path);
  if (Array.isArray(first)) {
    const arrays = all(values, path, "an array", Array.isArray);
    const odd = arrays.find((array) => array.length !== first.length);
    if (odd !== undefined) {
      throw new ShapeError(
        `defaultCollate: ${path} has ${first.length} members in one sample and ${odd.length} in another; ${ownCollate}`,
      );
    }
    return first.map((_, index) =>
      collate(
        arrays.map((array) => array[index]),
        `${path}[${index}]`,
      ),
    );
  }
  if (isRecord(first)) {
    const records = all(values, path, "an object", isRecord);
    return Object.fromEntries(
      Object.keys(first).map((key) => {
        if (records.some((record) => !(key in record))) {
          throw new UsageError(`defaultCollate: ${path}.${key} is in one sample and missing in another; ${ownCollate}`);
        }
        return [
          key,
          collate(
            records.map((record) => record[key]),
            `${path}.${key}`,
          ),
        ];
      }),
    );
  }
  throw new UsageError(
    `defaultCollate: ${path} is ${describe(first)}; expected tensors, numbers, booleans, strings, arrays or plain objects. Return such from getItem, or ${ownCollate}`,
  );
}

function stackTensors(tensors: Tensor[], path: string): Tensor {
  const shape = tensors[0]?.shape ?? [];
  for (const { shape: other } of tensors) {
    if (other.length !== shape.length || other.some((size, dim) => size !== shape[dim])) {
      throw new ShapeError(
        `defaultCollate: ${path}: expected tensors of one shape, got [${shape.join(", ")}] and [${other.join(", ")}]; ` +
          `crop or resize them alike, or ${ownCollate}`,
      );
    }
  }
  return stack(tensors);
}

function stackNumbers(numbers: number[]): Tensor {
  const isWhole = numbers.every((value) => Number.isInteger(value) && value >= -0x80000000 && value <= 0x7fffffff);
  return fromArray(numbers, [numbers.length], isWhole ? "int32" : "float64");
}

function stackTypedArrays(arrays: ArrayBufferView[], path: string): Tensor {
  const dtype = typedArrayDType(arrays[0]);
  if (dtype === null)
    throw new DTypeError(`defaultCollate: ${path} is a ${describe(arrays[0])}, which no tensor can hold`);
  const rows = arrays as NumberArray[];
  return stackTensors(
    rows.map((row) => fromArray(row, [row.length], dtype)),
    path,
  );
}

function all<T>(values: readonly unknown[], path: string, kind: string, is: (value: unknown) => value is T): T[] {
  for (const value of values) {
    if (!is(value))
      throw new UsageError(
        `defaultCollate: ${path} is ${kind} in one sample and ${describe(value)} in another; ${ownCollate}`,
      );
  }
  return values as T[];
}

const isTensor = (value: unknown): value is Tensor => value instanceof Tensor;
const isNumber = (value: unknown): value is number => typeof value === "number";
const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";
const isString = (value: unknown): value is string => typeof value === "string";

function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Tensor) &&
    !ArrayBuffer.isView(value) &&
    !(value instanceof Promise)
  );
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === "object" ? `a ${value.constructor?.name ?? "object"}` : `a ${typeof value}`;
}
