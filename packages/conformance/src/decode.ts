import { type DType, fromArray, Tensor } from "@kindling/tensor";
import { type Blob, type Golden, type Group, isBlob } from "./folder.js";
import { contiguous, type Layout } from "./layout.js";

/** A decoded value: blobs are tensors, spelled-out numbers are numbers. */
export type Value = Tensor | number | boolean | string | null | readonly Value[] | Values;
export type Values = { readonly [name: string]: Value };

export interface DecodeOptions {
  readonly layout?: Layout;
  /** Whether floating point tensors ask for gradients. Default false. */
  readonly requiresGrad?: boolean;
}

/** Kindling's name of a PyTorch dtype: int32 stands in for int64. */
export function kindlingDType(dtype: Blob["dtype"]): DType {
  return dtype === "int64" ? "int32" : dtype;
}

export function decodeTensor(group: Group, blob: Blob, options: DecodeOptions = {}): Tensor {
  const { layout = contiguous, requiresGrad = false } = options;
  const x = layout(fromArray(group.data(blob), blob.shape, kindlingDType(blob.dtype)));
  return requiresGrad && x.isFloatingPoint() ? x.requiresGrad_() : x;
}

export function decode(group: Group, value: Golden, options: DecodeOptions = {}): Value {
  if (isBlob(value)) return decodeTensor(group, value, options);
  if (Array.isArray(value)) return value.map((item) => decode(group, item, options));
  if (value === "NaN" || value === "Infinity" || value === "-Infinity") return Number(value);
  if (value === null || typeof value !== "object") return value;
  return decodeAll(group, value as { readonly [name: string]: Golden }, options);
}

export function decodeAll(
  group: Group,
  record: { readonly [name: string]: Golden },
  options: DecodeOptions | ((name: string) => DecodeOptions) = {},
): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [
      name,
      decode(group, value, typeof options === "function" ? options(name) : options),
    ]),
  );
}

/** The tensors in a value, in order. */
export function tensorsIn(value: Value): Tensor[] {
  if (value instanceof Tensor) return [value];
  if (value === null || typeof value !== "object") return [];
  return (Array.isArray(value) ? value : Object.values(value)).flatMap(tensorsIn);
}
