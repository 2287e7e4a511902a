import { DataError } from "@kindling/tensor";

/** Bytes and shape of an IDX file. */
export interface IdxArray {
  readonly shape: readonly number[];
  /** A view of the file's bytes. */
  readonly data: Uint8Array;
}

const elementTypes: Readonly<Record<number, string>> = {
  8: "uint8",
  9: "int8",
  11: "int16",
  12: "int32",
  13: "float32",
  14: "float64",
};

/**
 * Reads an IDX file of bytes, the format of MNIST: two zero bytes, the element type, the number of
 * dimensions, the sizes as big-endian 32-bit numbers, then the data. Allocates nothing.
 *
 * @throws DataError when the header is wrong, or the sizes do not match the number of bytes.
 */
export function parseIdx(bytes: Uint8Array, name = "IDX file"): IdxArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== 0) {
    const start = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    throw new DataError(
      `${name}: expected an IDX file, which starts with two zero bytes, got ${start || "an empty file"}` +
        `${isGzip ? " (a gzip file: its name should end in .gz)" : ""}`,
    );
  }
  const type = view.getUint8(2);
  if (type !== 8)
    throw new DataError(`${name}: expected an IDX file of uint8, got ${elementTypes[type] ?? `type ${type}`}`);
  const ndim = view.getUint8(3);
  const header = 4 + 4 * ndim;
  if (bytes.length < header)
    throw new DataError(`${name}: expected a header of ${header} bytes, the file has ${bytes.length}`);
  const shape = Array.from({ length: ndim }, (_, dim) => view.getUint32(4 + 4 * dim));
  const count = shape.reduce((product, size) => product * size, 1);
  if (bytes.length - header !== count) {
    throw new DataError(
      `${name}: expected ${count} bytes after the header for shape [${shape.join(", ")}], got ${bytes.length - header}`,
    );
  }
  return { shape, data: bytes.subarray(header) };
}
