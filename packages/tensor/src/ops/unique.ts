import { newTypedArray } from "../dtype.js";
import { normalizeDim } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { fromArray } from "./creation.js";
import { flatNonzero } from "./nonzero-positions.js";
import { sort } from "./sorting.js";

/** Options of {@link unique}. */
export interface UniqueOptions {
  /** Whether to tell where each element of x went. Default false. */
  returnInverse?: boolean;
  /** Whether to tell how often each value occurs. Default false. */
  returnCounts?: boolean;
  /** Along which dimension slices are compared. Default: elements, of x read as one row. */
  dim?: number | null;
}

/** Distinct values in order; `inverse` has the shape of x, `counts` that of values (both int32). */
export interface UniqueResult {
  readonly values: Tensor;
  readonly inverse: Tensor | null;
  readonly counts: Tensor | null;
}

/**
 * The distinct values of all elements, sorted (every NaN is distinct).
 * Options: `returnInverse`, `returnCounts` (default false), `dim` (none).
 *
 * **Shapes** x: any; output: [count]; inverse (int32): as x; counts (int32): [count].
 * @example
 * unique(tensor([3, 1, 3]), { returnInverse: true, returnCounts: true }); // → { values: [1, 3],
 * //    inverse: [1, 0, 1], counts: [1, 2] }
 */
export function unique(x: Tensor, options: UniqueOptions = {}): UniqueResult {
  const { returnInverse = false, returnCounts = false, dim = null } = options;
  if (dim !== null) return uniqueSlices(x, dim, options);
  const flat = x.detach().reshape([-1]);
  const count = flat.numel();
  if (count > 0 && x.dtype !== "bool" && !x.isFloatingPoint()) {
    const least = flat.min().item();
    const range = flat.max().item() - least + 1;
    if (range <= 4 * count) return uniqueByCounting(x.detach(), least, range, options);
  }
  const { values, indices } = sort(flat);
  const sorted = values.toTypedArray();
  const positions = indices.toTypedArray();
  const distinct = newTypedArray(x.dtype, count);
  const inverse = new Int32Array(count);
  const counts = new Int32Array(count);
  let found = 0;
  for (let i = 0; i < count; i++) {
    if (i === 0 || sorted[i] !== sorted[i - 1]) distinct[found++] = sorted[i] as number;
    counts[found - 1] = (counts[found - 1] as number) + 1;
    inverse[positions[i] as number] = found - 1;
  }
  return {
    values: fromArray(distinct.subarray(0, found), [found], x.dtype),
    inverse: returnInverse ? fromArray(inverse, x.shape, "int32") : null,
    counts: returnCounts ? fromArray(counts.subarray(0, found), [found], "int32") : null,
  };
}

/** `unique` of integers that lie close together. */
function uniqueByCounting(x: Tensor, least: number, range: number, options: UniqueOptions): UniqueResult {
  const offsets = x.to("int32").sub(least);
  const counts = offsets.reshape([-1]).bincount({ minlength: range });
  const found = flatNonzero(counts);
  return {
    values: found.add(least).to(x.dtype),
    inverse: options.returnInverse ? counts.gt(0).cumsum(0).sub(1).take(offsets) : null,
    counts: options.returnCounts ? counts.indexSelect(0, found) : null,
  };
}

/** The distinct slices along a dimension in order, of which the first elements that differ decide. */
function uniqueSlices(x: Tensor, dim: number, options: UniqueOptions): UniqueResult {
  const along = normalizeDim("unique", dim, x.ndim);
  const source = x.detach();
  const n = source.shape[along] ?? 1;
  const slices = source.movedim(along, 0).toTypedArray();
  const size = n === 0 ? 0 : slices.length / n;
  const order = Int32Array.from({ length: n }, (_, i) => i).sort((a, b) => {
    for (let j = 0; j < size; j++) {
      const difference = (slices[a * size + j] as number) - (slices[b * size + j] as number);
      if (difference !== 0) return difference;
    }
    return a - b;
  });
  const positions = fromArray(order, [n], "int32");
  const { values, inverse, counts } = uniqueConsecutive(source.indexSelect(along, positions), {
    ...options,
    dim: along,
  });
  // Where each slice went, not where each sorted one did.
  return { values, inverse: inverse?.scatter(0, positions, inverse) ?? null, counts };
}

/**
 * Elements (or slices along `dim`) without those that equal the one before; NaN equals nothing.
 * Options: `returnInverse`, `returnCounts` (false), `dim` (none).
 *
 * **Shapes** x: any; values: [k], or as x with k at `dim`; inverse: as x, or [n] along `dim`; counts: [k] (both int32).
 * @example uniqueConsecutive(tensor([1, 1, 2, 1]), { returnCounts: true }).counts; // → [2, 1, 1]
 */
export function uniqueConsecutive(x: Tensor, options: UniqueOptions = {}): UniqueResult {
  const { returnInverse = false, returnCounts = false, dim = null } = options;
  const along = normalizeDim("uniqueConsecutive", dim ?? 0, dim === null ? 1 : x.ndim);
  const source = dim === null ? x.detach().reshape([-1]) : x.detach();
  const n = source.shape[along] ?? 1;
  const slices = source.ndim === 0 ? source.toTypedArray() : source.movedim(along, 0).toTypedArray();
  const size = n === 0 ? 0 : slices.length / n;
  const firsts: number[] = [];
  const inverse = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    let isNew = i === 0;
    for (let j = 0; j < size && !isNew; j++) isNew = slices[i * size + j] !== slices[(i - 1) * size + j];
    if (isNew) firsts.push(i);
    inverse[i] = firsts.length - 1;
  }
  const counts = firsts.map((first, i) => (firsts[i + 1] ?? n) - first);
  const positions = fromArray(firsts, [firsts.length], "int32");
  return {
    values: source.ndim === 0 ? source : source.indexSelect(along, positions),
    inverse: returnInverse ? fromArray(inverse, dim === null ? x.shape : [n], "int32") : null,
    counts: returnCounts ? fromArray(counts, [counts.length], "int32") : null,
  };
}
