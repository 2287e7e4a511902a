import { DTypeError, ShapeError, UsageError } from "../errors.js";
import { contiguousStrides, formatShape, normalizeDim, type Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { clone } from "./cast.js";
import { arange, fromArray } from "./creation.js";
import { flip } from "./flip.js";
import { cat } from "./join.js";
import { placeStrided } from "./place.js";
import { diagonal, expand, narrow, permute, reshape, transpose } from "./view.js";
import { where } from "./where.js";

function sizesOf(args: [Shape] | number[]): readonly number[] {
  const [first] = args;
  return typeof first === "object" ? first : (args as number[]);
}

/**
 * Columns in reverse order: `flip(x, 1)`, as a copy.
 *
 * **Shapes** x: at least 2 dimensions; result: the same.
 * @throws ShapeError for fewer dimensions.
 * @example fliplr(tensor([[1, 2], [3, 4]])); // → [[2, 1], [4, 3]]
 */
export function fliplr(x: Tensor): Tensor {
  if (x.ndim < 2) throw new ShapeError(`fliplr: expected at least 2 dimensions, got shape ${formatShape(x.shape)}`);
  return flip(x, 1);
}

/**
 * Rows in reverse order: `flip(x, 0)`, as a copy.
 *
 * **Shapes** x: at least 1 dimension; result: the same.
 * @throws ShapeError for a 0-dimensional tensor.
 * @example flipud(tensor([[1, 2], [3, 4]])); // → [[3, 4], [1, 2]]
 */
export function flipud(x: Tensor): Tensor {
  if (x.ndim < 1) throw new ShapeError("flipud: expected at least 1 dimension, got a scalar");
  return flip(x, 0);
}

/**
 * Shifts the elements along dimensions; what leaves at one end comes in at the other. Without `dims`, x is
 * shifted as one row and gets its shape back.
 *
 * **Shapes** x: any; result: the same.
 * @throws ShapeError for a dimension out of range; UsageError for another number of shifts than of dimensions.
 * @example
 * tensor([1, 2, 3]).roll(1); // → [3, 1, 2]
 * tensor([[1, 2], [3, 4]]).roll(1, 0); // → [[3, 4], [1, 2]]
 */
export function roll(x: Tensor, shifts: number | Shape, dims?: number | Shape): Tensor {
  const amounts = typeof shifts === "number" ? [shifts] : shifts;
  if (dims === undefined) {
    if (amounts.length !== 1) throw new UsageError(`roll: ${amounts.length} shifts need as many dims`);
    return reshape(roll(reshape(x, [-1]), amounts, 0), x.shape);
  }
  const along = typeof dims === "number" ? [dims] : dims;
  if (along.length !== amounts.length) {
    throw new UsageError(
      `roll: expected as many shifts as dims, got ${formatShape(amounts)} and ${formatShape(along)}`,
    );
  }
  let result = x;
  for (const [i, given] of along.entries()) {
    const dim = normalizeDim("roll", given, x.ndim);
    const size = x.shape[dim] ?? 1;
    if (size < 2) continue;
    const shift = (((amounts[i] as number) % size) + size) % size;
    if (shift === 0) continue;
    result = cat([narrow(result, dim, size - shift, shift), narrow(result, dim, 0, size - shift)], dim);
  }
  return result === x ? clone(x) : result;
}

/**
 * Turns by k times 90 degrees in the plane of two dimensions, from the first towards the second, as a copy.
 *
 * **Shapes** x: at least 2 dimensions; result: for odd k with the sizes of `dims` (default [0, 1]) swapped.
 * @throws ShapeError for dimensions out of range or equal.
 * @example rot90(tensor([[1, 2], [3, 4]])); // → [[2, 4], [1, 3]]
 */
export function rot90(x: Tensor, k = 1, dims: readonly [number, number] = [0, 1]): Tensor {
  const [a, b] = [normalizeDim("rot90", dims[0], x.ndim), normalizeDim("rot90", dims[1], x.ndim)];
  if (a === b || x.ndim < 2) {
    throw new ShapeError(
      `rot90: expected two different dimensions of ${formatShape(x.shape)}, got ${formatShape(dims)}`,
    );
  }
  const turns = ((k % 4) + 4) % 4;
  if (turns === 0) return clone(x);
  if (turns === 2) return flip(x, a, b);
  return turns === 1 ? transpose(flip(x, b), a, b) : flip(transpose(x, a, b), b);
}

/**
 * x several times along each dimension; more counts than dimensions add dimensions in front.
 *
 * **Shapes** x: [d₁, …]; result: [… count·d₁ …].
 * @throws ShapeError for fewer counts than dimensions.
 * @example tensor([1, 2]).repeat(2, 2); // → [[1, 2, 1, 2], [1, 2, 1, 2]]
 */
export function repeat(x: Tensor, ...counts: [Shape] | number[]): Tensor {
  const list = sizesOf(counts);
  const lead = list.length - x.ndim;
  if (lead < 0 || !list.every((count) => Number.isInteger(count) && count >= 0)) {
    throw new ShapeError(
      `repeat: expected one whole count of at least 0 for each dimension of ${formatShape(x.shape)}, got ${formatShape(list)}`,
    );
  }
  const sizes = list.map((_, i) => (i < lead ? 1 : (x.shape[i - lead] as number)));
  const parted = reshape(
    x,
    sizes.flatMap((size) => [1, size]),
  );
  const repeated = expand(
    parted,
    sizes.flatMap((size, i) => [list[i] as number, size]),
  );
  return reshape(
    clone(repeated),
    sizes.map((size, i) => size * (list[i] as number)),
  );
}

/**
 * {@link repeat} in which missing counts, for the first dimensions, are 1.
 *
 * **Shapes** x: [… dᵢ …]; result: [… countᵢ·dᵢ …].
 * @example tile(tensor([[1], [2]]), 2); // → [[1, 1], [2, 2]]
 */
export function tile(x: Tensor, ...counts: [Shape] | number[]): Tensor {
  const list = sizesOf(counts);
  return repeat(x, [...new Array<number>(Math.max(0, x.ndim - list.length)).fill(1), ...list]);
}

/**
 * Each element several times in a row, along `dim` or (without) of x read as one row.
 * `repeats`: one number for all, or one per element as numbers or an integer tensor.
 *
 * **Shapes** x: any; result: the size of `dim` is the sum of the repeats; without `dim`, one dimension.
 * @throws ShapeError for another number of repeats than elements, or negative ones.
 * @example
 * tensor([1, 2]).repeatInterleave(2); // → [1, 1, 2, 2]
 * repeatInterleave(tensor([1, 2, 3]), [0, 1, 2]); // → [2, 3, 3]
 */
export function repeatInterleave(x: Tensor, repeats: number | Shape | Tensor, dim?: number): Tensor {
  if (dim === undefined) return repeatInterleave(reshape(x, [-1]), repeats, 0);
  if (typeof repeats === "object" && "dtype" in repeats && (repeats.isFloatingPoint() || repeats.dtype === "bool")) {
    throw new DTypeError(`repeatInterleave: expected repeats of integers, got ${repeats.dtype}`);
  }
  const along = normalizeDim("repeatInterleave", dim, x.ndim);
  const size = x.shape[along] ?? 1;
  let counts: readonly number[];
  if (typeof repeats === "number") counts = [repeats];
  else counts = "dtype" in repeats ? Array.from(repeats.toTypedArray()) : repeats;
  if (
    (counts.length !== 1 && counts.length !== size) ||
    !counts.every((count) => Number.isInteger(count) && count >= 0)
  ) {
    throw new ShapeError(
      `repeatInterleave: expected one whole count of at least 0, or one for each of the ${size} elements of dimension ${along}, got ${formatShape(counts)}`,
    );
  }
  const index: number[] = [];
  for (let i = 0; i < size; i++) {
    for (let left = counts[counts.length === 1 ? 0 : i] as number; left > 0; left--) index.push(i);
  }
  return x.indexSelect(along, fromArray(index, [index.length], "int32"));
}

function triangle(op: string, x: Tensor, keep: (distance: Tensor) => Tensor): Tensor {
  if (x.ndim < 2) throw new ShapeError(`${op}: expected at least 2 dimensions, got shape ${formatShape(x.shape)}`);
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  // How far right of the main diagonal each element lies.
  const distance = arange(columns).sub(arange(rows).unsqueeze(1));
  return where(keep(distance), x, false);
}

/**
 * The lower triangle of matrices, 0 above the `diagonal`-th diagonal (default 0, the main one).
 *
 * **Shapes** x: [..., n, m]; result: the same.
 * @throws ShapeError for fewer than 2 dimensions.
 * @example tril(tensor([[1, 2], [3, 4]])); // → [[1, 0], [3, 4]]
 */
export function tril(x: Tensor, diagonal = 0): Tensor {
  return triangle("tril", x, (distance) => distance.le(diagonal));
}

/**
 * The upper triangle of matrices, 0 below the `diagonal`-th diagonal (default 0, the main one).
 *
 * **Shapes** x: [..., n, m]; result: the same.
 * @throws ShapeError for fewer than 2 dimensions.
 * @example triu(tensor([[1, 2], [3, 4]]), 1); // → [[0, 2], [0, 0]]
 */
export function triu(x: Tensor, diagonal = 0): Tensor {
  return triangle("triu", x, (distance) => distance.ge(diagonal));
}

/**
 * Matrices with the last dimension of x on a diagonal and 0 elsewhere.
 *
 * **Shapes** x: [..., n]; result: dimensions `dim1` and `dim2` of size n + |offset| among those before.
 * @example diagEmbed(tensor([[1, 2], [3, 4]])); // → [[[1, 0], [0, 2]], [[3, 0], [0, 4]]]
 */
export function diagEmbed(x: Tensor, offset = 0, dim1 = -2, dim2 = -1): Tensor {
  if (x.ndim === 0) throw new ShapeError("diagEmbed: expected at least 1 dimension, got a scalar");
  const rank = x.ndim + 1;
  const [a, b] = [normalizeDim("diagEmbed", dim1, rank), normalizeDim("diagEmbed", dim2, rank)];
  if (a === b) throw new ShapeError(`diagEmbed: dimensions must differ, got ${dim1} and ${dim2}`);
  const size = (x.shape.at(-1) as number) + Math.abs(offset);
  const shape = [...x.shape.slice(0, -1), size, size];
  const strides = contiguousStrides(shape);
  const start = offset >= 0 ? offset : -offset * size;
  const matrices = placeStrided(x, shape, [...strides.slice(0, -2), size + 1], start);
  const rest = Array.from({ length: rank - 2 }, (_, i) => i);
  const order = Array.from({ length: rank }, (_, i) =>
    i === a ? rank - 2 : i === b ? rank - 1 : (rest.shift() as number),
  );
  return order.every((dim, i) => dim === i) ? matrices : permute(matrices, order);
}

/**
 * A vector as a matrix's diagonal, or a matrix's diagonal as a vector, as a copy.
 *
 * **Shapes** x: [n], then the result is [n + |offset|, n + |offset|]; or [n, m], then it is the diagonal's length.
 * @throws ShapeError for another rank.
 * @example
 * diag(tensor([1, 2])); // → [[1, 0], [0, 2]]
 * diag(tensor([[1, 2], [3, 4]]), 1); // → [2]
 */
export function diag(x: Tensor, offset = 0): Tensor {
  if (x.ndim === 1) return diagEmbed(x, offset);
  if (x.ndim === 2) return clone(diagonal(x, offset));
  throw new ShapeError(`diag: expected a vector or a matrix, got shape ${formatShape(x.shape)}`);
}

/**
 * The elements of x as the diagonal of a square matrix. **Shapes** x: any of n elements; result: n + |offset| squared.
 * @example tensor([1, 2]).diagflat(); // → [[1, 0], [0, 2]]
 */
export function diagflat(x: Tensor, offset = 0): Tensor {
  return diagEmbed(reshape(x, [-1]), offset);
}

/**
 * x summed over what broadcasting to its shape would have repeated: dimensions in front, and those of size 1 in `size`.
 *
 * @throws ShapeError unless `size` broadcasts to x's shape.
 * @example ones([2, 3]).sumToSize(3); // → [2, 2, 2]
 */
export function sumToSize(x: Tensor, ...size: [Shape] | number[]): Tensor {
  const target = sizesOf(size);
  const lead = x.ndim - target.length;
  if (lead < 0 || target.some((own, i) => own !== 1 && own !== x.shape[i + lead])) {
    throw new ShapeError(`sumToSize: ${formatShape(target)} does not broadcast to ${formatShape(x.shape)}`);
  }
  const dims = x.shape.map((_, i) => i).filter((i) => i < lead || (target[i - lead] === 1 && x.shape[i] !== 1));
  return dims.length === 0 ? x : reshape(x.sum(dims), target);
}

/**
 * All ways to pick r of the elements of a vector, in order. Options: `withReplacement` (default false), whether
 * an element may come again.
 *
 * **Shapes** x: [n]; result: [count, r].
 * @throws ShapeError for another rank.
 * @example combinations(tensor([1, 2, 3])); // → [[1, 2], [1, 3], [2, 3]]
 */
export function combinations(x: Tensor, r = 2, options: { withReplacement?: boolean } = {}): Tensor {
  if (x.ndim !== 1) throw new ShapeError(`combinations: expected a vector, got shape ${formatShape(x.shape)}`);
  if (!Number.isInteger(r) || r < 0)
    throw new UsageError(`combinations: r must be a whole number of at least 0, got ${r}`);
  const size = x.shape[0] as number;
  const step = options.withReplacement ? 0 : 1;
  const picks: number[] = [];
  let count = 0;
  const choose = (from: number, chosen: readonly number[]): void => {
    if (chosen.length === r) {
      picks.push(...chosen);
      count++;
      return;
    }
    for (let i = from; i < size; i++) choose(i + step, [...chosen, i]);
  };
  choose(0, []);
  return reshape(x.indexSelect(0, fromArray(picks, [picks.length], "int32")), [count, r]);
}
