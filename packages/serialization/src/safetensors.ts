import type { StateDict } from "@kindling/nn";
import { DataError, fromArray, itemSize, Tensor, UsageError } from "@kindling/tensor";
import { elementTypeNames } from "./element-types.js";
import { type Header, metadataKey, parseHeader } from "./header.js";

/** Options of what writes safetensors. */
export interface SafetensorsOptions {
  /** Text that is stored beside the tensors. Default: none. */
  metadata?: Readonly<Record<string, string>>;
}

/** What a safetensors file holds. */
export interface SafetensorsContent {
  /** Fresh leaf tensors that require no grad, in the order of the file's header. */
  tensors: Record<string, Tensor>;
  metadata: Record<string, string>;
}

/** Bytes of the number before the header that says how long it is. */
const prefixBytes = 8;

/** Readers of other languages refuse longer headers. */
const maxHeaderBytes = 100_000_000;

/** Widest elements first, so that every tensor lies at a multiple of its element's size; ties as in the reference. */
const dtypeOrder = Object.keys(elementTypeNames).reverse();

/**
 * Tensors as the bytes of a safetensors file, which PyTorch reads with `safetensors.torch.load`.
 *
 * Elements are stored row-major whatever the strides; whether they require grad is not stored. Equal tensors and
 * metadata make equal bytes, in whatever order the tensors are given.
 *
 * Options: `metadata` (default none).
 * @throws UsageError for a name or metadata that the format cannot hold, or a value that is no tensor.
 * @example
 * const bytes = toSafetensors(new Linear(3, 2).stateDict(), { metadata: { format: "pt" } });
 * Object.keys(fromSafetensors(bytes).tensors); // → ["bias", "weight"]
 */
export function toSafetensors(tensors: StateDict, options: SafetensorsOptions = {}): Uint8Array {
  const entries: [string, Tensor][] = tensors instanceof Map ? [...tensors] : Object.entries(tensors);
  for (const [name, tensor] of entries) {
    checkText("tensor name", name);
    if (name === metadataKey) throw new UsageError(`toSafetensors: the name ${metadataKey} is reserved`);
    if (!(tensor instanceof Tensor)) {
      throw new UsageError(`toSafetensors: expected a tensor for ${JSON.stringify(name)}, got ${String(tensor)}`);
    }
  }
  const rank = (tensor: Tensor): number => dtypeOrder.indexOf(tensor.dtype);
  entries.sort(([nameA, a], [nameB, b]) => rank(a) - rank(b) || compareCodePoints(nameA, nameB));

  const fields: string[] = [];
  if (options.metadata !== undefined) fields.push(`"${metadataKey}":${metadataJson(options.metadata)}`);
  let dataBytes = 0;
  for (const [name, tensor] of entries) {
    const begin = dataBytes;
    dataBytes += tensor.numel() * itemSize(tensor.dtype);
    const info = { dtype: elementTypeNames[tensor.dtype], shape: tensor.shape, data_offsets: [begin, dataBytes] };
    fields.push(`${JSON.stringify(name)}:${JSON.stringify(info)}`);
  }
  const header = new TextEncoder().encode(`{${fields.join(",")}}`);
  const headerBytes = Math.ceil(header.length / 8) * 8;
  if (headerBytes > maxHeaderBytes) {
    throw new UsageError(`toSafetensors: names and metadata take ${headerBytes} bytes, more than ${maxHeaderBytes}`);
  }

  let at = prefixBytes + headerBytes;
  const result = new Uint8Array(at + dataBytes);
  new DataView(result.buffer).setBigUint64(0, BigInt(headerBytes), true);
  result.fill(0x20, prefixBytes, at);
  result.set(header, prefixBytes);
  for (const [, tensor] of entries) {
    const data = tensor.toTypedArray();
    result.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return result;
}

/**
 * The tensors in the bytes of a safetensors file.
 *
 * Element types that Kindling lacks are converted: F16 and BF16 to float32, U16, U32, I64 and U64 to int32. The bytes may come
 * from anywhere: what is allocated is bounded by their number.
 *
 * @throws DataError if the bytes are no safetensors file, are damaged, or hold whole numbers beyond int32.
 * @example
 * const bytes = toSafetensors({ bias: tensor([1.5, 2]) });
 * fromSafetensors(bytes).tensors.bias; // → [1.5, 2]
 */
export function fromSafetensors(bytes: Uint8Array): SafetensorsContent {
  const { header, data } = splitHeader(bytes);
  const tensors = header.entries.map(({ name, type, shape, begin, end }) => {
    // A copy, since the elements may lie at any address.
    const { buffer } = new Uint8Array(data.subarray(begin, end));
    return [name, fromArray(type.read(buffer, name), shape, type.dtype)] as const;
  });
  return { tensors: Object.fromEntries(tensors), metadata: Object.fromEntries(header.metadata) };
}

function splitHeader(bytes: Uint8Array): { header: Header; data: Uint8Array } {
  if (bytes.length < prefixBytes) {
    throw new DataError(`not a safetensors file: ${bytes.length} bytes cannot hold the length of a header`);
  }
  const headerBytes = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  const left = bytes.length - prefixBytes;
  if (headerBytes > Math.min(left, maxHeaderBytes)) {
    throw new DataError(
      `not a safetensors file, or cut short: its first bytes announce a header of ${headerBytes} bytes, ${left} bytes follow`,
    );
  }
  const dataAt = prefixBytes + Number(headerBytes);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes.subarray(prefixBytes, dataAt));
  } catch (cause) {
    throw new DataError("not a safetensors file: its header is not UTF-8 text", { cause });
  }
  return { header: parseHeader(text, bytes.length - dataAt), data: bytes.subarray(dataAt) };
}

function metadataJson(metadata: Readonly<Record<string, string>>): string {
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== "string") {
      throw new UsageError(`toSafetensors: metadata must be strings, got ${typeof value} for ${JSON.stringify(key)}`);
    }
    checkText("metadata", key + value);
  }
  return JSON.stringify(metadata);
}

/** Half a surrogate pair has no UTF-8. */
function checkText(what: string, text: string): void {
  if (/\p{Surrogate}/u.test(text)) {
    throw new UsageError(`toSafetensors: the ${what} ${JSON.stringify(text)} is not well-formed Unicode`);
  }
}

/** The order of UTF-8 bytes, which is not that of UTF-16 units. */
function compareCodePoints(a: string, b: string): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a.codePointAt(i) as number) - (b.codePointAt(i) as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
