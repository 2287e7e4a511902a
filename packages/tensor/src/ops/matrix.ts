import { allocate } from "../allocate.js";
import { isFloatingPoint } from "../dtype.js";
import { DTypeError, LinAlgError, ShapeError } from "../errors.js";
import { broadcastShapes, formatShape, type Shape } from "../shape.js";
import { Tensor } from "../tensor.js";
import { copyInto } from "./copy.js";

/** Throws unless x has at least two dimensions. */
export function checkMatrix(op: string, x: Tensor, name = "A"): void {
  if (x.ndim < 2) {
    throw new ShapeError(
      `${op}: the input tensor ${name} must have at least 2 dimensions, got shape ${formatShape(x.shape)}`,
    );
  }
}

/** Throws unless x is floating point. */
export function checkFloat(op: string, x: Tensor): void {
  if (!isFloatingPoint(x.dtype)) {
    throw new DTypeError(`${op}: expected a floating point tensor, got ${x.dtype}; convert with .to("float32")`);
  }
}

/** Throws unless x is a matrix of floating point numbers, or a batch of them; returns its last two sizes. */
export function checkFloatMatrix(op: string, x: Tensor, name = "A"): readonly [rows: number, columns: number] {
  checkMatrix(op, x, name);
  checkFloat(op, x);
  return [x.shape[x.ndim - 2] as number, x.shape[x.ndim - 1] as number];
}

/** Throws unless x is a square matrix, or a batch of them; returns its size. */
export function checkSquare(op: string, x: Tensor, name = "A"): number {
  checkMatrix(op, x, name);
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  if (rows !== columns) {
    throw new ShapeError(
      `${op}: ${name} must be batches of square matrices, but they are ${rows} by ${columns} matrices`,
    );
  }
  return rows;
}

/** `checkSquare` and `checkFloat`. */
export function checkFloatSquare(op: string, x: Tensor, name = "A"): number {
  const n = checkSquare(op, x, name);
  checkFloat(op, x);
  return n;
}

/** Throws unless both have one dtype. */
export function checkOneType(op: string, a: Tensor, b: Tensor): void {
  if (a.dtype === b.dtype) return;
  throw new DTypeError(
    `${op}: expected A and B to have the same dtype, but found A of type ${a.dtype} and B of type ${b.dtype}; convert one with .to()`,
  );
}

/** The dimensions before the last two. */
export function batchOf(x: Tensor): readonly number[] {
  return x.shape.slice(0, -2);
}

/** Both with their batch dimensions broadcast against each other. */
export function broadcastBatches(op: string, a: Tensor, b: Tensor): readonly [Tensor, Tensor] {
  const batch = broadcastShapes(op, batchOf(a), batchOf(b));
  const expanded = (x: Tensor): Tensor => x.expand([...batch, ...x.shape.slice(-2)]);
  return [expanded(a), expanded(b)];
}

/** A contiguous copy, not recorded: what kernels work on in place. */
export function copyOf(x: Tensor): Tensor {
  const out = allocate(x.shape, x.dtype);
  copyInto(out, x);
  return out;
}

function swapLast(list: Shape): readonly number[] {
  const end = list.length;
  return [...list.slice(0, -2), list[end - 1] as number, list[end - 2] as number];
}

/** The transposes of x over the same memory, not recorded and no view: for results that kernels write by columns. */
export function turned(x: Tensor): Tensor {
  return new Tensor(x.storage, x.dtype, swapLast(x.shape), swapLast(x.strides), x.offset);
}

/** Throws the error that `text` makes of the first code of a batch that is not 0. */
export function checkInfo(op: string, info: Tensor, text: (code: number) => string): void {
  const codes = info.toTypedArray();
  const at = codes.findIndex((found) => found !== 0);
  if (at === -1) return;
  const element = info.ndim === 0 ? "" : `(Batch element ${at}): `;
  throw new LinAlgError(`${op}: ${element}${text(codes[at] as number)}`);
}
