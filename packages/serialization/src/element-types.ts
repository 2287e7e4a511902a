import { DataError, type DType } from "@kindling/tensor";

/** How a safetensors element type is read: its size in the file, the dtype it becomes, and the numbers in its bytes. */
export interface ElementType {
  readonly bytes: number;
  readonly dtype: DType;
  /** `data` holds nothing but the elements. */
  read(data: ArrayBuffer, tensorName: string): ArrayLike<number>;
}

/** The safetensors element type of each dtype, in the order in which the format's reference counts them. */
export const elementTypeNames = {
  bool: "BOOL",
  uint8: "U8",
  int8: "I8",
  int16: "I16",
  int32: "I32",
  float32: "F32",
  float64: "F64",
} as const satisfies Record<DType, string>;

/** Element types that can be read. Those that we lack become the dtype that holds all (integers: most) of their values. */
export const elementTypes: ReadonlyMap<string, ElementType> = new Map<string, ElementType>([
  ["BOOL", { bytes: 1, dtype: "bool", read: (data) => new Uint8Array(data) }],
  ["U8", { bytes: 1, dtype: "uint8", read: (data) => new Uint8Array(data) }],
  ["I8", { bytes: 1, dtype: "int8", read: (data) => new Int8Array(data) }],
  ["I16", { bytes: 2, dtype: "int16", read: (data) => new Int16Array(data) }],
  ["U16", { bytes: 2, dtype: "int32", read: (data) => new Uint16Array(data) }],
  ["F16", { bytes: 2, dtype: "float32", read: (data) => widenFloat16(new Uint16Array(data)) }],
  ["BF16", { bytes: 2, dtype: "float32", read: (data) => widenBfloat16(new Uint16Array(data)) }],
  ["I32", { bytes: 4, dtype: "int32", read: (data) => new Int32Array(data) }],
  ["U32", { bytes: 4, dtype: "int32", read: (data, name) => narrow(new Uint32Array(data), name) }],
  ["F32", { bytes: 4, dtype: "float32", read: (data) => new Float32Array(data) }],
  ["F64", { bytes: 8, dtype: "float64", read: (data) => new Float64Array(data) }],
  ["I64", { bytes: 8, dtype: "int32", read: (data, name) => narrow(new BigInt64Array(data), name) }],
  ["U64", { bytes: 8, dtype: "int32", read: (data, name) => narrow(new BigUint64Array(data), name) }],
]);

/** A bfloat16 is the upper half of a float32. */
function widenBfloat16(halves: Uint16Array): Float32Array {
  const bits = Uint32Array.from(halves, (half) => half << 16);
  return new Float32Array(bits.buffer);
}

/** float16 has 5 bits of exponent (bias 15) and 10 of fraction; float32 has 8 (bias 127) and 23. Every value fits. */
function widenFloat16(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  const floats = new Float32Array(bits.buffer);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i] as number;
    const sign = (half & 0x8000) << 16;
    const exponent = half & 0x7c00;
    const fraction = half & 0x03ff;
    if (exponent === 0) floats[i] = (sign === 0 ? fraction : -fraction) * 2 ** -24;
    else bits[i] = sign | (exponent === 0x7c00 ? 0x7f800000 : (exponent << 13) + (112 << 23)) | (fraction << 13);
  }
  return floats;
}

function narrow(values: Uint32Array | BigInt64Array | BigUint64Array, tensorName: string): Int32Array {
  const result = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = Number(values[i]);
    result[i] = value;
    if (result[i] !== value) {
      throw new DataError(
        `tensor ${JSON.stringify(tensorName)} holds ${values[i]} (element ${i}), which int32 cannot hold; save it as float64 or in range`,
      );
    }
  }
  return result;
}
