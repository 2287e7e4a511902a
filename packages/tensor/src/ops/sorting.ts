import { allocate } from "../allocate.js";
import { ShapeError, UsageError } from "../errors.js";
import { code, kernels } from "../launch.js";
import { isRecording } from "../recorder.js";
import { withScratch } from "../scratch.js";
import { formatShape, normalizeDim, numberOfElements } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { dense } from "./reduce.js";
import { amax, type KeepdimOptions, type ValuesAndIndices } from "./reduction.js";
import { where } from "./where.js";

/** Options of {@link sort} and {@link argsort}. */
export interface SortOptions {
  /** Largest first. Default false. */
  descending?: boolean;
  /** Whether equals keep their order; they always do. */
  stable?: boolean;
}

/** Options of {@link topk}. */
export interface TopkOptions {
  /** The largest elements (default), or the smallest. */
  largest?: boolean;
  /** Whether the results are in order; they always are. */
  sorted?: boolean;
}

const bytesPerSortedElement = 16;

/**
 * Sorts along a dimension; equals keep their order, NaN counts as the largest.
 * Options: `descending` (default false).
 *
 * **Shapes** x: any; values and indices (int32): the same.
 * @example tensor([3, 1, 2]).sort(); // → { values: [1, 2, 3], indices: [1, 2, 0] }
 */
export function sort(x: Tensor, dim = -1, options: SortOptions = {}): ValuesAndIndices {
  const { descending = false } = options;
  const along = normalizeDim("sort", dim, x.ndim);
  const last = Math.max(x.ndim - 1, 0);
  const isLast = along === last;
  const rowsFirst = dense(isLast ? x.detach() : x.detach().transpose(along, last));
  const sorted = allocate(rowsFirst.shape, x.dtype);
  const positions = allocate(rowsFirst.shape, "int32");
  const count = numberOfElements(x.shape);
  if (count > 0) {
    const n = x.ndim === 0 ? 1 : (rowsFirst.shape[last] as number);
    withScratch(n * bytesPerSortedElement, (scratch) => {
      kernels.sort(
        code(x.dtype),
        descending ? 1 : 0,
        count / n,
        n,
        rowsFirst.address,
        sorted.address,
        positions.address,
        scratch,
      );
    });
  }
  const indices = isLast ? positions : positions.transpose(along, last).contiguous();
  if (isRecording([x])) return { values: x.gather(along, indices), indices };
  return { values: isLast ? sorted : sorted.transpose(along, last).contiguous(), indices };
}

/**
 * The positions that sort x along a dimension; equals keep their order. Options: `descending` (default false).
 *
 * **Shapes** x: any; result (int32): the same.
 * @example argsort(tensor([3, 1, 2])); // → [1, 2, 0]
 */
export function argsort(x: Tensor, dim = -1, options: SortOptions = {}): Tensor {
  return sort(x.detach(), dim, options).indices;
}

/**
 * The k largest (or smallest) elements along a dimension, in order, and where they are.
 * Options: `largest` (default true), `sorted`.
 *
 * **Shapes** x: any; values and indices (int32): k along the dimension.
 * @throws ShapeError if there are fewer than k.
 * @example topk(tensor([3, 1, 4, 2]), 2); // → { values: [4, 3], indices: [2, 0] }
 */
export function topk(x: Tensor, k: number, dim = -1, options: TopkOptions = {}): ValuesAndIndices {
  const along = normalizeDim("topk", dim, x.ndim);
  const size = x.ndim === 0 ? 1 : (x.shape[along] as number);
  if (!Number.isInteger(k) || k < 0 || k > size) {
    throw new ShapeError(`topk: k must be a whole number from 0 to the size ${size} of dimension ${along}, got ${k}`);
  }
  const descending = options.largest ?? true;
  if (x.ndim > 0 && k <= mostOfTopk && k * k <= 4 * size) return firstOfRows(x, along, k, descending);
  const { values, indices } = sort(x, along, { descending });
  if (x.ndim === 0) return { values, indices };
  return { values: values.narrow(along, 0, k), indices: indices.narrow(along, 0, k).contiguous() };
}

/** Of more the kernel does not keep track. */
const mostOfTopk = 256;

/** `topk` of few elements, without sorting the others. */
function firstOfRows(x: Tensor, along: number, k: number, descending: boolean): ValuesAndIndices {
  const last = x.ndim - 1;
  const rows = dense(along === last ? x.detach() : x.detach().transpose(along, last));
  const shape = [...rows.shape.slice(0, -1), k];
  const first = allocate(shape, x.dtype);
  const positions = allocate(shape, "int32");
  const n = rows.shape[last] as number;
  if (numberOfElements(rows.shape) > 0) {
    const count = numberOfElements(rows.shape) / n;
    kernels.topk(code(x.dtype), descending ? 1 : 0, count, n, k, rows.address, first.address, positions.address);
  }
  const inPlace = (t: Tensor): Tensor => (along === last ? t : t.transpose(along, last).contiguous());
  const indices = inPlace(positions);
  return { values: isRecording([x]) ? x.gather(along, indices) : inPlace(first), indices };
}

/** The elements at position `rank` in order along `along`. */
function ranked(x: Tensor, along: number, rank: number | Tensor, keepdim: boolean): ValuesAndIndices {
  if (x.ndim === 0) return sort(x);
  const { indices } = sort(x.detach(), along);
  const position = typeof rank === "number" ? indices.narrow(along, rank, 1) : indices.gather(along, rank);
  const chosen = position.contiguous();
  const values = x.gather(along, chosen);
  return keepdim ? { values, indices: chosen } : { values: values.squeeze(along), indices: chosen.squeeze(along) };
}

/**
 * The k-th smallest element along a dimension (k counts from 1) and where it is.
 *
 * **Shapes** x: any; values and index (int32): without the dimension. Options: `keepdim` (false).
 * @throws ShapeError if there are fewer than k.
 * @example kthvalue(tensor([3, 1, 4, 2]), 2); // → { values: 2, indices: 3 }
 */
export function kthvalue(x: Tensor, k: number, dim = -1, options: KeepdimOptions = {}): ValuesAndIndices {
  const along = normalizeDim("kthvalue", dim, x.ndim);
  const size = x.ndim === 0 ? 1 : (x.shape[along] as number);
  if (!Number.isInteger(k) || k < 1 || k > size) {
    throw new ShapeError(
      `kthvalue: k must be a whole number from 1 to the size ${size} of dimension ${along}, got ${k}`,
    );
  }
  return ranked(x, along, k - 1, options.keepdim ?? false);
}

function medianAlong(x: Tensor, dim: number, options: KeepdimOptions): ValuesAndIndices {
  const along = normalizeDim("median", dim, x.ndim);
  const size = x.ndim === 0 ? 1 : (x.shape[along] as number);
  if (size === 0) throw new ShapeError(`median: dimension ${along} of shape ${formatShape(x.shape)} is empty`);
  const middle = Math.floor((size - 1) / 2);
  if (!x.isFloatingPoint() || x.ndim === 0) return ranked(x, along, middle, options.keepdim ?? false);
  // NaN sorts last, and where there is one it is the answer: the first of them.
  const nans = x.detach().isnan().sum(along, { keepdim: true });
  const rank = where(nans.gt(0), nans.neg().add(size), middle);
  return ranked(x, along, rank, options.keepdim ?? false);
}

/**
 * The median of all elements; with a dimension, the median along it and where it is. Of an even number
 * of elements the lower of the middle two; NaN if there is one, or nothing at all.
 *
 * **Shapes** as for {@link sum}. Options (with a dimension): `keepdim` (false).
 * @throws UsageError for no integers; ShapeError for an empty dimension.
 * @example
 * tensor([3, 1, 4, 2]).median(); // → 2
 * tensor([[3, 1, 4], [1, 5, 9]]).median(1); // → { values: [3, 5], indices: [0, 1] }
 */
export function median(x: Tensor): Tensor;
export function median(x: Tensor, dim: number, options?: KeepdimOptions): ValuesAndIndices;
export function median(x: Tensor, dim?: number, options: KeepdimOptions = {}): Tensor | ValuesAndIndices {
  if (dim !== undefined) return medianAlong(x, dim, options);
  if (x.numel() === 0) {
    if (x.isFloatingPoint()) return x.sum().div(0);
    throw new UsageError("median: expected at least one integer, got none");
  }
  const { values } = medianAlong(x.detach().reshape([-1]), 0, {});
  if (!isRecording([x])) return values;
  // All elements equal to the median share its gradient, as the maxima of amax do.
  if (Number.isNaN(values.item())) return amax(where(x.isnan(), x, Number.NEGATIVE_INFINITY));
  return amax(where(x.eq(values), x, Number.NEGATIVE_INFINITY));
}
