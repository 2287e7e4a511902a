/** The bytes of a safetensors file with this header, whatever it says, and these data. */
export function handMade(header: string | Uint8Array | object, data: ArrayLike<number> = []): Uint8Array {
  const text = typeof header === "string" || header instanceof Uint8Array ? header : JSON.stringify(header);
  const bytes = Buffer.from(text as string);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(bytes.length));
  return Uint8Array.from([...length, ...bytes, ...Array.from(data)]);
}

/** The bytes of numbers, little-endian. */
export function bytesOf(values: Float64Array | BigInt64Array | BigUint64Array | Uint32Array | Uint16Array): Uint8Array {
  return new Uint8Array(values.buffer);
}
