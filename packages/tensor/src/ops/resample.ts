import { allocate, filled } from "../allocate.js";
import { code, kernels } from "../launch.js";
import { record } from "../recorder.js";
import { numberOfElements } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { fromArray } from "./creation.js";
import { dense, splitAround } from "./reduce.js";
import type { Taps } from "./registry.js";

/** Weights of some elements of a dimension. */
export type WeightedPositions = readonly (readonly [position: number, weight: number])[];

/** The table that `row` tells for each of `count` elements made from `size` ones. */
export function tapsOf(size: number, count: number, row: (j: number) => WeightedPositions): Taps {
  const rows = Array.from({ length: count }, (_, j) => row(j));
  const start = new Int32Array(count + 1);
  rows.forEach((taps, j) => {
    start[j + 1] = (start[j] as number) + taps.length;
  });
  const all = rows.flat();
  return {
    size,
    start,
    index: Int32Array.from(all, ([position]) => position),
    weight: Float64Array.from(all, ([, weight]) => weight),
  };
}

/**
 * The table of the gradient: what each element went into.
 *
 * @internal
 */
export function transposeTaps({ size, start, index, weight }: Taps): Taps {
  const count = start.length - 1;
  const ends = new Int32Array(size + 1);
  for (const position of index) ends[position + 1] = (ends[position + 1] as number) + 1;
  for (let i = 0; i < size; i++) ends[i + 1] = (ends[i + 1] as number) + (ends[i] as number);
  const begin = ends.slice();
  const positions = new Int32Array(index.length);
  const weights = new Float64Array(index.length);
  for (let j = 0; j < count; j++) {
    for (let t = start[j] as number; t < (start[j + 1] as number); t++) {
      const at = ends[index[t] as number] as number;
      ends[index[t] as number] = at + 1;
      positions[at] = j;
      weights[at] = weight[t] as number;
    }
  }
  return { size: count, start: begin, index: positions, weight: weights };
}

/**
 * Weighted sums of elements along `dim`, as many as the table has rows; x is floating point.
 *
 * @internal
 */
export function resample(x: Tensor, dim: number, taps: Taps): Tensor {
  const count = taps.start.length - 1;
  const shape = x.shape.map((size, i) => (i === dim ? count : size));
  if (numberOfElements(shape) === 0 || taps.index.length === 0) {
    return record("resample", [x], filled(shape, x.dtype, 0), { dim, taps });
  }
  const out = allocate(shape, x.dtype);
  const { outer, n, inner } = splitAround(x.shape, dim);
  const source = dense(x);
  const start = fromArray(taps.start, [count + 1], "int32");
  const index = fromArray(taps.index, [taps.index.length], "int32");
  const weight = fromArray(taps.weight, [taps.weight.length], x.dtype);
  kernels.resample(
    code(x.dtype),
    outer,
    n,
    inner,
    count,
    start.address,
    index.address,
    weight.address,
    source.address,
    out.address,
  );
  return record("resample", [x], out, { dim, taps });
}
