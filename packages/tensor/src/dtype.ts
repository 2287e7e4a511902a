import { dtypeCodes } from "@kindling/kernels";
import { DTypeError } from "./errors.js";

/** Element types. `int32` stands where PyTorch has int64. */
export type DType = keyof typeof dtypeCodes;

/** The typed arrays that {@link tensor} takes and {@link Tensor.toTypedArray} gives. */
export type TypedArray = Float32Array | Float64Array | Int32Array | Int16Array | Int8Array | Uint8Array;

interface DTypeInfo {
  readonly bytes: number;
  readonly array: new (buffer: ArrayBuffer, byteOffset?: number, length?: number) => TypedArray;
}

const info = {
  bool: { bytes: 1, array: Uint8Array },
  uint8: { bytes: 1, array: Uint8Array },
  int8: { bytes: 1, array: Int8Array },
  int16: { bytes: 2, array: Int16Array },
  int32: { bytes: 4, array: Int32Array },
  float32: { bytes: 4, array: Float32Array },
  float64: { bytes: 8, array: Float64Array },
} as const satisfies Record<DType, DTypeInfo>;

/**
 * Bytes of one element.
 * @example itemSize("float64"); // → 8
 */
export function itemSize(dtype: DType): number {
  return info[dtype].bytes;
}

/** A view of `length` elements of this type; a bool is a byte, 0 or 1. */
export function typedView(dtype: DType, buffer: ArrayBufferLike, byteOffset: number, length: number): TypedArray {
  // WASM memory is a SharedArrayBuffer, which the typed array constructors take but their types do not say.
  return new info[dtype].array(buffer as ArrayBuffer, byteOffset, length);
}

/**
 * The element type of a typed array, null if tensors cannot hold it.
 * @example
 * typedArrayDType(new Int16Array(1)); // → "int16"
 * typedArrayDType(new Uint32Array(1)); // → null
 */
export function typedArrayDType(data: unknown): DType | null {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof Float64Array) return "float64";
  if (data instanceof Int32Array) return "int32";
  if (data instanceof Int16Array) return "int16";
  if (data instanceof Int8Array) return "int8";
  if (data instanceof Uint8Array) return "uint8";
  return null;
}

/** A new zeroed array of `length` elements. */
export function newTypedArray(dtype: DType, length: number): TypedArray {
  return new info[dtype].array(new ArrayBuffer(length * info[dtype].bytes));
}

/**
 * Whether the type is float32 or float64.
 * @example isFloatingPoint("float64"); // → true
 */
export function isFloatingPoint(dtype: DType): boolean {
  return dtype === "float32" || dtype === "float64";
}

/** Throws unless `dtype` names an element type. */
export function checkDType(dtype: unknown): asserts dtype is DType {
  if (typeof dtype !== "string" || !(dtype in info)) {
    throw new DTypeError(`unknown dtype ${String(dtype)}; use one of ${Object.keys(info).join(", ")}`);
  }
}

/**
 * The smallest type that both convert to: PyTorch's `promote_types`.
 * @example
 * promoteTypes("uint8", "int8"); // → "int16"
 * promoteTypes("int32", "float32"); // → "float32"
 */
export function promoteTypes(a: DType, b: DType): DType {
  if (a === b) return a;
  // The codes are in order of promotion but for this pair, whose values need more bits.
  if ((a === "uint8" && b === "int8") || (a === "int8" && b === "uint8")) return "int16";
  return dtypeCodes[a] > dtypeCodes[b] ? a : b;
}

/**
 * Whether a result of one type may be stored in another in place: not numbers as bool, nor fractions as integers.
 * @example canCast("float32", "int32"); // → false
 */
export function canCast(from: DType, to: DType): boolean {
  if (isFloatingPoint(from) && !isFloatingPoint(to)) return false;
  return from === "bool" || to !== "bool";
}

export const defaultFloat: DType = "float32";

/** The type that a JavaScript number or boolean has by itself. */
export function scalarDType(value: number | boolean): DType {
  if (typeof value === "boolean") return "bool";
  return Number.isInteger(value) ? "int32" : defaultFloat;
}

function combine(higher: DType | null, lower: DType | null): DType | null {
  if (higher === null) return lower;
  if (lower === null || isFloatingPoint(higher)) return higher;
  if (higher === "bool" || isFloatingPoint(lower)) return promoteTypes(higher, lower);
  return higher;
}

/** What type promotion sees of an operand. */
export interface Typed {
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/**
 * The element type of an operation on these operands: PyTorch's `result_type`. Tensors with dimensions
 * decide first, then 0-dimensional ones, then plain numbers, which never widen within their category.
 * @example
 * resultType(tensor([1, 2]), 0.5); // → "float32"
 * resultType(tensor([0.5]), tensor(1, { dtype: "float64" })); // → "float32"
 */
export function resultType(...operands: readonly (Typed | number | boolean)[]): DType {
  let dimensional: DType | null = null;
  let zeroDimensional: DType | null = null;
  let plain: DType | null = null;
  for (const operand of operands) {
    if (typeof operand !== "object") {
      const dtype = scalarDType(operand);
      plain = plain === null ? dtype : promoteTypes(plain, dtype);
    } else if (operand.shape.length > 0) {
      dimensional = dimensional === null ? operand.dtype : promoteTypes(dimensional, operand.dtype);
    } else {
      zeroDimensional = zeroDimensional === null ? operand.dtype : promoteTypes(zeroDimensional, operand.dtype);
    }
  }
  return combine(combine(dimensional, zeroDimensional), plain) ?? defaultFloat;
}
