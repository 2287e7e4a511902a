import { ShapeError, UsageError } from "../errors.js";
import { formatShape } from "../shape.js";
import type { Tensor } from "../tensor.js";

/**
 * Product of two or more matrices, in the order that needs the fewest multiplications.
 *
 * **Shapes** tensors: [a, b], [b, c], …, [y, z]; the first and the last may be vectors; result: [a, z], without a if the
 * first is a vector, without z if the last is.
 * @throws UsageError for less than two; ShapeError if they do not fit.
 * @example multiDot([ones(2, 3), ones(3, 4), ones(4)]); // → [12, 12]
 */
export function multiDot(tensors: readonly Tensor[]): Tensor {
  const [first, last] = [tensors[0], tensors.at(-1)];
  if (tensors.length < 2 || first === undefined || last === undefined) {
    throw new UsageError(`multiDot: expected at least 2 tensors, got ${tensors.length}`);
  }
  const matrices = [...tensors];
  if (first.ndim === 1) matrices[0] = first.unsqueeze(0);
  if (last.ndim === 1) matrices[matrices.length - 1] = last.unsqueeze(1);
  for (const { ndim, shape } of matrices) {
    if (ndim !== 2) throw new ShapeError(`multiDot: expected matrices, got ${formatShape(shape)}`);
  }
  let result = cheapestProduct(matrices);
  if (first.ndim === 1) result = result.squeeze(0);
  return last.ndim === 1 ? result.squeeze(-1) : result;
}

interface Run {
  readonly cost: number;
  readonly multiply: () => Tensor;
}

/** Multiplies matrices in the cheapest order, found for each run of them once. */
function cheapestProduct(matrices: readonly Tensor[]): Tensor {
  const size = (i: number, dim: number): number => matrices[i]?.shape[dim] as number;
  const known = new Map<string, Run>();
  const best = (start: number, end: number): Run => {
    if (start === end) return { cost: 0, multiply: () => matrices[start] as Tensor };
    const key = `${start} ${end}`;
    let chosen = known.get(key);
    if (chosen !== undefined) return chosen;
    for (let split = start; split < end; split++) {
      const [left, right] = [best(start, split), best(split + 1, end)];
      const cost = left.cost + right.cost + size(start, 0) * size(split, 1) * size(end, 1);
      if (chosen === undefined || cost < chosen.cost) {
        chosen = { cost, multiply: () => left.multiply().mm(right.multiply()) };
      }
    }
    known.set(key, chosen as Run);
    return chosen as Run;
  };
  return best(0, matrices.length - 1).multiply();
}
