import { reduceOps } from "@kindling/kernels";
import { allocate, filled } from "../allocate.js";
import type { DType } from "../dtype.js";
import { ShapeError } from "../errors.js";
import { code, kernels, metaBlock, opCodes } from "../launch.js";
import { formatShape, normalizeDims, numberOfElements, type Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { copyInto } from "./copy.js";

const reduceCodes = opCodes(reduceOps);

export type ReduceName = (typeof reduceOps)[number];

/** One dimension, several, or all of them (undefined, null or an empty list). */
export type Dims = number | readonly number[] | null | undefined;

/** What an operation over dimensions works on. */
export interface ReducedDims {
  /** Sorted, from 0. */
  readonly dims: readonly number[];
  /** Shape of the result. */
  readonly shape: readonly number[];
  /** Number of elements that make one element of the result. */
  readonly count: number;
}

/** `shape` without `dims`, or with them as ones. */
export function reducedShape(shape: Shape, dims: readonly number[], keepdim: boolean): readonly number[] {
  if (keepdim) return shape.map((size, dim) => (dims.includes(dim) ? 1 : size));
  return dims.length === shape.length ? [] : shape.filter((_, dim) => !dims.includes(dim));
}

/** The dimensions that `dim` names, the shape of the result and how many elements meet in each of its elements. */
export function resolveDims(op: string, x: Tensor, dim: Dims, keepdim: boolean): ReducedDims {
  const dims = normalizeDims(op, dim, x.ndim).sort((a, b) => a - b);
  let count = 1;
  for (const d of dims) count *= x.shape[d] as number;
  return { dims, shape: reducedShape(x.shape, dims, keepdim), count };
}

/** Throws if the elements to choose from are none. */
export function checkNotEmpty(op: string, x: Tensor, reduced: ReducedDims): void {
  if (reduced.count > 0) return;
  throw new ShapeError(
    `${op}: nothing to choose from in shape ${formatShape(x.shape)} over dimensions ${formatShape(reduced.dims)}; these sizes must not be 0`,
  );
}

/** Values of a reduction of nothing; the others are errors that were reported before. */
const emptyValues: Partial<Record<ReduceName, number>> = { prod: 1, all: 1 };

/** Runs a reduction kernel, without recording. */
export function runReduce(op: ReduceName, x: Tensor, reduced: ReducedDims, dtype: DType): Tensor {
  if (numberOfElements(x.shape) === 0) return filled(reduced.shape, dtype, emptyValues[op] ?? 0);
  const out = allocate(reduced.shape, dtype);
  // Neighbours among the kept dimensions merge where the strides allow it, and so among the reduced ones.
  const kept: number[] = [];
  const keptStrides: number[] = [];
  const inner: number[] = [];
  const innerStrides: number[] = [];
  let next = 0;
  for (let dim = 0; dim < x.ndim; dim++) {
    const isReduced = reduced.dims[next] === dim;
    if (isReduced) next++;
    const size = x.shape[dim] as number;
    if (size === 1) continue;
    const sizes = isReduced ? inner : kept;
    const strides = isReduced ? innerStrides : keptStrides;
    const stride = x.strides[dim] as number;
    const last = sizes.length - 1;
    if (last >= 0 && strides[last] === stride * size) {
      sizes[last] = (sizes[last] as number) * size;
      strides[last] = stride;
    } else {
      sizes.push(size);
      strides.push(stride);
    }
  }
  const meta = metaBlock.view();
  let at = 0;
  for (const size of kept) meta[at++] = size;
  for (const size of inner) meta[at++] = size;
  for (const stride of keptStrides) meta[at++] = stride;
  for (const stride of innerStrides) meta[at++] = stride;
  kernels.reduce(reduceCodes[op], code(x.dtype), kept.length, inner.length, metaBlock.address, x.address, out.address);
  return out;
}

/** `x` itself if it is contiguous, else a copy that is; not recorded. */
export function dense(x: Tensor): Tensor {
  if (x.isContiguous()) return x;
  const out = allocate(x.shape, x.dtype);
  copyInto(out, x);
  return out;
}

/** Sizes before, of and after a dimension. */
export function splitAround(shape: Shape, dim: number): { outer: number; n: number; inner: number } {
  let outer = 1;
  let inner = 1;
  for (let i = 0; i < dim; i++) outer *= shape[i] as number;
  for (let i = dim + 1; i < shape.length; i++) inner *= shape[i] as number;
  return { outer, n: shape.length === 0 ? 1 : (shape[dim] as number), inner };
}
