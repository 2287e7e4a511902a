import { filled } from "../allocate.js";
import { ShapeError, UsageError } from "../errors.js";
import { formatShape, normalizeDim, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { fromArray } from "./creation.js";
import { type EmbeddingOptions, embedding } from "./embedding.js";
import { cat } from "./join.js";
import { where } from "./where.js";

/** What {@link embeddingBag} makes of the rows of a bag. */
export type EmbeddingBagMode = "sum" | "mean" | "max";

/** Options of {@link embeddingBag}. */
export interface EmbeddingBagOptions extends EmbeddingOptions {
  /** What is made of the rows of a bag. Default "mean". */
  mode?: EmbeddingBagMode;
  /** A factor for each row that is looked up, of x's shape; with "sum" only. Default none. */
  perSampleWeights?: Tensor | null;
  /** Whether the last offset is the end of the last bag, instead of the beginning of one more. Default false. */
  includeLastOffset?: boolean;
}

const op = "embeddingBag";

/** Where the bags of a list of indices begin, and where the last one ends. */
function boundsOf(x: Tensor, offsets: Tensor | null, includeLastOffset: boolean): number[] {
  if (x.ndim === 2) {
    if (offsets !== null) {
      throw new UsageError(`${op}: a batch of bags ${formatShape(x.shape)} takes no offsets: each row is a bag`);
    }
    const [bags, length] = x.shape as [number, number];
    return Array.from({ length: bags + 1 }, (_, bag) => bag * length);
  }
  if (x.ndim !== 1) throw new ShapeError(`${op}: expected indices of 1 or 2 dimensions, got ${formatShape(x.shape)}`);
  if (offsets === null) throw new UsageError(`${op}: a list of indices needs offsets, where its bags begin`);
  if (offsets.ndim !== 1) throw new ShapeError(`${op}: expected a list of offsets, got ${formatShape(offsets.shape)}`);
  const bounds = Array.from(offsets.toTypedArray());
  const count = x.shape[0] as number;
  if (!includeLastOffset) bounds.push(count);
  const isWrong = bounds.some((bound, i) => bound < (i === 0 ? 0 : (bounds[i - 1] as number)) || bound > count);
  if (bounds.length === 0 || bounds[0] !== 0 || isWrong) {
    throw new UsageError(
      `${op}: offsets must begin with 0, never decrease and not exceed the ${count} indices, got ${formatShape(Array.from(offsets.toTypedArray()))}`,
    );
  }
  return bounds;
}

/** The largest of each bag's rows in every column, 0 without any; the first of equals gets the gradient. */
function largest(found: Tensor, members: readonly number[], bags: number): Tensor {
  const perBag: number[][] = Array.from({ length: bags }, () => []);
  for (const [row, bag] of members.entries()) perBag[bag]?.push(row);
  const longest = Math.max(1, ...perBag.map(({ length }) => length));
  const nothing = found.shape[0] as number;
  const places = perBag.flatMap((rows) => [...rows, ...Array<number>(longest - rows.length).fill(nothing)]);
  const columns = found.shape.slice(1);
  const source = cat([found, filled([1, ...columns], found.dtype, Number.NEGATIVE_INFINITY)]);
  const { values } = source
    .indexSelect(0, fromArray(places, [places.length], "int32"))
    .reshape([bags, longest, ...columns])
    .max(1);
  const isEmpty = fromArray(
    perBag.map(({ length }) => Number(length === 0)),
    [bags, 1],
    "bool",
  );
  return where(isEmpty, 0, values);
}

/**
 * Sums, means or maxima of bags of rows of a table. A bag without indices gives zeros.
 *
 * **Shapes** x (integers): [B, N], B bags of one length; or [N] with `offsets` [B], where each bag begins; weight:
 * [rows, size]; result: [B, size]. Options: `mode` ("mean"), `perSampleWeights` (none), `includeLastOffset` (false),
 * `paddingIdx` (none: a row that counts in no bag), `scaleGradByFreq` (false), `maxNorm` (none), `normType` (2).
 * @throws ShapeError for an index out of range or sizes that do not fit; UsageError for bad offsets or options.
 * @example
 * const table = tensor([[1, 10], [2, 20], [3, 30]], { dtype: "float32" });
 * embeddingBag(tensor([0, 1, 2]), table, tensor([0, 2]), { mode: "sum" }); // → [[3, 30], [3, 30]]
 */
export function embeddingBag(
  x: Tensor,
  weight: Tensor,
  offsets: Tensor | null = null,
  options: EmbeddingBagOptions = {},
): Tensor {
  const { mode = "mean", perSampleWeights = null, includeLastOffset = false, paddingIdx = null, ...rest } = options;
  if (weight.ndim !== 2) throw new ShapeError(`${op}: expected a table [rows, size], got ${formatShape(weight.shape)}`);
  if (mode !== "sum" && mode !== "mean" && mode !== "max") {
    throw new UsageError(`${op}: mode must be "sum", "mean" or "max", got ${JSON.stringify(mode)}`);
  }
  if (mode === "max" && rest.scaleGradByFreq)
    throw new UsageError(`${op}: scaleGradByFreq does not go with mode "max"`);
  if (perSampleWeights !== null && mode !== "sum") {
    throw new UsageError(`${op}: perSampleWeights need mode "sum", got "${mode}"`);
  }
  if (perSampleWeights !== null && !sameShape(perSampleWeights.shape, x.shape)) {
    throw new ShapeError(
      `${op}: expected perSampleWeights ${formatShape(x.shape)}, as the indices, got ${formatShape(perSampleWeights.shape)}`,
    );
  }
  const bounds = boundsOf(x, offsets, includeLastOffset);
  const bags = bounds.length - 1;
  const flat = x.reshape([-1]);
  const padding = paddingIdx === null ? null : normalizeDim(op, paddingIdx, weight.shape[0] as number);
  // Which of the indices count, and the bag of each.
  const indices = flat.toTypedArray();
  const rows: number[] = [];
  const members: number[] = [];
  for (let bag = 0; bag < bags; bag++) {
    for (let row = bounds[bag] as number; row < (bounds[bag + 1] as number); row++) {
      if (indices[row] === padding) continue;
      rows.push(row);
      members.push(bag);
    }
  }
  const counted = fromArray(rows, [rows.length], "int32");
  let found = embedding(flat.indexSelect(0, counted), weight, rest);
  if (mode === "max") return largest(found, members, bags);
  if (perSampleWeights !== null) {
    found = found.mul(perSampleWeights.reshape([-1]).indexSelect(0, counted).unsqueeze(1));
  }
  const places = fromArray(members, [members.length], "int32");
  const sums = filled([bags, weight.shape[1] as number], found.dtype, 0).indexAdd(0, places, found);
  if (mode === "sum") return sums;
  const ones = filled([members.length], found.dtype, 1);
  const counts = filled([bags], found.dtype, 0).indexAdd(0, places, ones).clampMin(1);
  return sums.div(counts.unsqueeze(1));
}
