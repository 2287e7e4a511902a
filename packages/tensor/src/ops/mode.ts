import { ShapeError, UsageError } from "../errors.js";
import { isRecording } from "../recorder.js";
import { formatShape, normalizeDim } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { fromArray } from "./creation.js";
import { amax, type KeepdimOptions, type ValuesAndIndices } from "./reduction.js";
import { sort } from "./sorting.js";
import { where } from "./where.js";

/** The elements at these positions (with the dimension kept) along a dimension. */
function chosen(x: Tensor, along: number, indices: Tensor, keepdim: boolean): ValuesAndIndices {
  const values = x.gather(along, indices);
  if (keepdim || x.ndim === 0) return { values, indices };
  return { values: values.squeeze(along), indices: indices.squeeze(along) };
}

/**
 * The most frequent value along a dimension (the smallest of equally frequent ones) and where it is last.
 * Options: `keepdim` (false).
 *
 * **Shapes** x: any; values and indices (int32): x's shape without `dim`.
 * @throws ShapeError if the dimension is empty.
 * @example mode(tensor([3, 1, 3, 2, 1])); // → { values: 1, indices: 4 }
 */
export function mode(x: Tensor, dim = -1, options: KeepdimOptions = {}): ValuesAndIndices {
  const along = normalizeDim("mode", dim, x.ndim);
  const n = x.shape[along] ?? 1;
  if (n === 0) throw new ShapeError(`mode: dimension ${along} of shape ${formatShape(x.shape)} is empty`);
  const { values, indices } = sort(x.detach(), along);
  const lastDim = (of: Tensor): Tensor => (x.ndim === 0 ? of : of.movedim(along, -1));
  const sorted = lastDim(values).toTypedArray();
  const positions = lastDim(indices).toTypedArray();
  const best = new Int32Array(sorted.length / n);
  for (let row = 0; row < best.length; row++) {
    let most = 0;
    let run = 0;
    for (let i = row * n; i < (row + 1) * n; i++) {
      run = i > row * n && sorted[i] === sorted[i - 1] ? run + 1 : 1;
      const ends = i + 1 === (row + 1) * n || sorted[i] !== sorted[i + 1];
      if (!ends || run <= most) continue;
      most = run;
      best[row] = positions[i] as number;
    }
  }
  const rest = x.shape.filter((_, i) => i !== along);
  const found = fromArray(best, x.ndim === 0 ? [] : rest, "int32");
  return chosen(x, along, x.ndim === 0 ? found : found.unsqueeze(along), options.keepdim ?? false);
}

/**
 * x sorted along its first dimension: `sort(x, 0).values`.
 * @example msort(tensor([[3, 1], [2, 4]])); // → [[2, 1], [3, 4]]
 */
export function msort(x: Tensor): Tensor {
  return sort(x, 0).values;
}

/**
 * The median of the elements that are not NaN; with a dimension, the median along it and where it is. Of an even number
 * of elements the lower of the middle two; NaN if there are only such. Options: `keepdim` (false).
 *
 * @throws UsageError if there are no elements.
 * @example nanmedian(tensor([1, NaN, 3, 2])); // → 2
 */
export function nanmedian(x: Tensor): Tensor;
export function nanmedian(x: Tensor, dim: number, options?: KeepdimOptions): ValuesAndIndices;
export function nanmedian(x: Tensor, dim?: number, options: KeepdimOptions = {}): Tensor | ValuesAndIndices {
  const along = normalizeDim("nanmedian", dim ?? 0, dim === undefined ? 1 : x.ndim);
  const rows = dim === undefined ? x.reshape([-1]) : x;
  if (rows.shape[along] === 0) {
    throw new UsageError(`nanmedian: expected at least one element, got shape ${formatShape(x.shape)}`);
  }
  const { indices } = sort(rows.detach(), along);
  const count = rows
    .detach()
    .isnan()
    .logicalNot()
    .sum(along, { keepdim: rows.ndim > 0 });
  const rank = count.sub(1).floorDivide(2).clampMin(0);
  const middle = chosen(rows, along, indices.gather(along, rank), options.keepdim ?? false);
  if (dim !== undefined) return middle;
  const value = middle.values.reshape([]);
  if (!isRecording([x]) || Number.isNaN(value.item())) return value;
  // All elements equal to the median share its gradient, as the maxima of amax do.
  return amax(where(x.eq(value.detach()), x, Number.NEGATIVE_INFINITY));
}
