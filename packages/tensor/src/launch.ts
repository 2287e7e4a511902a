import { backend, dtypeCodes } from "@kindling/kernels";
import type { DType } from "./dtype.js";
import { ShapeError } from "./errors.js";
import { formatShape, numberOfElements, type Shape } from "./shape.js";
import type { Tensor } from "./tensor.js";

export const { kernels, metaBlock } = backend();

/** Dimensions that a strided kernel call can have after neighbours were merged. */
const maxDims = 24;

/** Code of an element type, as kernels count them. */
export function code(dtype: DType): number {
  return dtypeCodes[dtype];
}

/** The codes of a list of kernel ops by name. */
export function opCodes<T extends string>(names: readonly T[]): Readonly<Record<T, number>> {
  return Object.fromEntries(names.map((name, i) => [name, i])) as Record<T, number>;
}

/** Writes numbers into the block that kernels read shapes from; returns its address. */
export function writeMeta(values: readonly number[]): number {
  metaBlock.view().set(values);
  return metaBlock.address;
}

/** The strides of `tensor` broadcast to `shape`. */
function broadcastStrides(tensor: Tensor, shape: Shape): readonly number[] {
  const { strides, shape: own } = tensor;
  const lead = shape.length - own.length;
  if (lead === 0 && sameSizes(own, shape)) return strides;
  const result = new Array<number>(shape.length);
  for (let i = 0; i < shape.length; i++) {
    result[i] = i < lead || (own[i - lead] === 1 && shape[i] !== 1) ? 0 : (strides[i - lead] as number);
  }
  return result;
}

function sameSizes(a: Shape, b: Shape): boolean {
  for (let i = 0; i < b.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/**
 * Writes the layout of an elementwise call on `operands` (the output first), which all broadcast to
 * `shape`, into the meta block, with neighbouring dimensions merged where every operand allows it.
 * Returns the number of dimensions left; 0 dimensions are one element.
 */
export function writeLayout(shape: Shape, operands: readonly Tensor[]): number {
  const meta = metaBlock.view();
  const count = operands.length;
  // The two everyday cases: all alike and contiguous, or scalars among them.
  let simple = true;
  const elements = numberOfElements(shape);
  for (let i = 0; i < count; i++) {
    const operand = operands[i] as Tensor;
    const { shape: own } = operand;
    if (own.length === 0 && i > 0) meta[1 + i] = 0;
    else if (operand.isContiguous() && own.length === shape.length && sameSizes(own, shape)) meta[1 + i] = 1;
    else {
      simple = false;
      break;
    }
  }
  if (simple) {
    meta[0] = elements;
    return elements === 1 ? 0 : 1;
  }
  const strides = operands.map((operand) => broadcastStrides(operand, shape));
  const sizes: number[] = [];
  const kept: number[][] = strides.map(() => []);
  for (let dim = 0; dim < shape.length; dim++) {
    const size = shape[dim] as number;
    if (size === 1) continue;
    const last = sizes.length - 1;
    const merges = last >= 0 && strides.every((own, i) => (kept[i] as number[])[last] === (own[dim] as number) * size);
    if (merges) {
      sizes[last] = (sizes[last] as number) * size;
      for (let i = 0; i < count; i++) (kept[i] as number[])[last] = (strides[i] as readonly number[])[dim] as number;
    } else {
      sizes.push(size);
      for (let i = 0; i < count; i++) (kept[i] as number[]).push((strides[i] as readonly number[])[dim] as number);
    }
  }
  if (sizes.length > maxDims) {
    throw new ShapeError(`a strided operation takes at most ${maxDims} dimensions, got shape ${formatShape(shape)}`);
  }
  let at = 0;
  for (const size of sizes) meta[at++] = size;
  for (const own of kept) for (const stride of own) meta[at++] = stride;
  return sizes.length;
}
