import { DataError, formatShape } from "@kindling/tensor";
import { type ElementType, elementTypes } from "./element-types.js";
import { type Json, parseJson } from "./json.js";

/** Where a tensor lies in the data that follow the header. */
export interface TensorEntry {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  readonly entries: readonly TensorEntry[];
  readonly metadata: ReadonlyMap<string, string>;
}

/** Key of the header that is no tensor. */
export const metadataKey = "__metadata__";

/** The most that PyTorch takes, too. */
const maxDims = 64;

/**
 * Parses a header and proves that its tensors fill `dataBytes` exactly: no overlap, no hole, sizes as their shapes say.
 *
 * @throws DataError that names the tensor.
 */
export function parseHeader(text: string, dataBytes: number): Header {
  const root = parseJson(text);
  if (!(root instanceof Map)) throw new DataError("the header is not a JSON object");
  const metadata = parseMetadata(root.get(metadataKey) ?? null);
  root.delete(metadataKey);
  const entries = [...root].map(([name, info]) => parseEntry(name, info));

  let end = 0;
  for (const entry of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (entry.begin !== end) {
      const problem = entry.begin < end ? "overlaps another tensor" : "leaves a hole before it";
      throw new DataError(
        `${label(entry.name)} ${problem}: it starts at byte ${entry.begin} of the data, not at ${end}`,
      );
    }
    end = entry.end;
  }
  if (end !== dataBytes) {
    throw new DataError(`the tensors need ${end} bytes after the header, the file has ${dataBytes}; it is damaged`);
  }
  return { entries, metadata };
}

function label(name: string): string {
  return `tensor ${JSON.stringify(name)}`;
}

function parseMetadata(json: Json): Map<string, string> {
  if (json === null) return new Map();
  if (!(json instanceof Map)) throw new DataError(`${metadataKey} is not a JSON object`);
  for (const [key, value] of json) {
    if (typeof value !== "string") throw new DataError(`${metadataKey}: ${JSON.stringify(key)} is not a string`);
  }
  return json as Map<string, string>;
}

function parseEntry(name: string, info: Json): TensorEntry {
  if (!(info instanceof Map)) throw new DataError(`${label(name)} is not described by a JSON object`);
  const typeName = info.get("dtype");
  const type = typeof typeName === "string" ? elementTypes.get(typeName) : undefined;
  if (type === undefined) {
    throw new DataError(
      `${label(name)} has dtype ${typeof typeName === "string" ? typeName : "missing"}; expected one of ${[...elementTypes.keys()].join(", ")}`,
    );
  }
  const shape = naturalNumbers(name, "shape", info.get("shape"));
  if (shape.length > maxDims)
    throw new DataError(`${label(name)} has ${shape.length} dimensions, more than ${maxDims}`);
  const offsets = naturalNumbers(name, "data_offsets", info.get("data_offsets"));
  if (offsets.length !== 2) throw new DataError(`${label(name)} has ${offsets.length} data_offsets; expected 2`);
  const [begin, end] = offsets as [number, number];
  // Products beyond 2^53 are rounded, and still far from any size that fits.
  const bytes = shape.reduce((product, size) => product * size, type.bytes);
  if (end - begin !== bytes) {
    throw new DataError(
      `${label(name)} of shape ${formatShape(shape)} and dtype ${typeName} takes ${bytes} bytes, its data_offsets ${begin} to ${end} give it ${end - begin}`,
    );
  }
  return { name, type, shape, begin, end };
}

function naturalNumbers(name: string, field: string, json: Json | undefined): number[] {
  if (!Array.isArray(json)) throw new DataError(`${label(name)} has no list of numbers in ${field}`);
  for (const value of json) {
    if (!Number.isSafeInteger(value) || (value as number) < 0 || Object.is(value, -0)) {
      throw new DataError(`${label(name)}: ${field} must be whole numbers of at least 0, got ${String(value)}`);
    }
  }
  return json as number[];
}
