import { allocate } from "../allocate.js";
import { resultType } from "../dtype.js";
import { ShapeError, UsageError } from "../errors.js";
import { record } from "../recorder.js";
import { formatShape, normalizeDim } from "../shape.js";
import { Tensor } from "../tensor.js";
import { copyInto } from "./copy.js";
import { cast } from "./elementwise.js";
import { narrow, unsqueeze } from "./view.js";

/**
 * Joins tensors along an existing dimension; the other sizes must be equal.
 *
 * @example cat([zeros([2, 3]), ones([1, 3])]).shape; // [3, 3]
 */
export function cat(tensors: readonly Tensor[], dim = 0): Tensor {
  const [head] = tensors;
  if (head === undefined) throw new UsageError("cat: expected at least one tensor");
  const dtype = resultType(...tensors);
  // PyTorch lets empty one-dimensional tensors join anything.
  const parts = tensors
    .filter((tensor) => !(tensor.ndim === 1 && tensor.shape[0] === 0))
    .map((tensor) => cast(tensor, dtype));
  const first = parts[0] ?? cast(head, dtype);
  if (first.ndim === 0) throw new ShapeError("cat: 0-dimensional tensors cannot be joined; use stack");
  const at = normalizeDim("cat", dim, first.ndim);
  for (const part of parts) {
    if (part.ndim !== first.ndim || part.shape.some((size, i) => i !== at && size !== first.shape[i])) {
      throw new ShapeError(
        `cat: sizes must be equal except in dimension ${at}, got ${formatShape(first.shape)} and ${formatShape(part.shape)}`,
      );
    }
  }
  const total = parts.reduce((sum, part) => sum + (part.shape[at] as number), 0);
  const out = allocate(
    first.shape.map((size, i) => (i === at ? total : size)),
    dtype,
  );
  let offset = 0;
  for (const part of parts) {
    copyInto(new Tensor(out.storage, dtype, part.shape, out.strides, offset * (out.strides[at] as number)), part);
    offset += part.shape[at] as number;
  }
  return parts.length === 0 ? out : record("cat", parts, out, { dim: at });
}

/** Joins tensors of one shape along a new dimension. */
export function stack(tensors: readonly Tensor[], dim = 0): Tensor {
  const [first] = tensors;
  if (first === undefined) throw new UsageError("stack: expected at least one tensor");
  for (const tensor of tensors) {
    if (tensor.shape.join() !== first.shape.join()) {
      throw new ShapeError(
        `stack: shapes must be equal, got ${formatShape(first.shape)} and ${formatShape(tensor.shape)}`,
      );
    }
  }
  const at = normalizeDim("stack", dim, first.ndim + 1);
  return cat(
    tensors.map((tensor) => unsqueeze(tensor, at)),
    at,
  );
}

/** Splits along `dim` into views of `size` (the last may be smaller), or of the sizes given. */
export function split(x: Tensor, size: number | readonly number[], dim = 0): Tensor[] {
  const at = normalizeDim("split", dim, x.ndim);
  const total = x.shape[at] ?? 1;
  let lengths: readonly number[];
  if (typeof size === "number") {
    if (!Number.isInteger(size) || size < 1)
      throw new ShapeError(`split: size must be a whole number of at least 1, got ${size}`);
    lengths = Array.from({ length: Math.max(1, Math.ceil(total / size)) }, (_, i) => Math.min(size, total - i * size));
  } else {
    lengths = size;
    const sum = size.reduce((a, b) => a + b, 0);
    if (sum !== total)
      throw new ShapeError(`split: sizes ${formatShape(size)} must add up to ${total}, the size of dimension ${at}`);
  }
  let start = 0;
  return lengths.map((length) => {
    const part = narrow(x, at, start, length);
    start += length;
    return part;
  });
}

/** Splits along `dim` into at most `chunks` views of equal size (the last may be smaller). */
export function chunk(x: Tensor, chunks: number, dim = 0): Tensor[] {
  if (!Number.isInteger(chunks) || chunks < 1) throw new UsageError(`chunk: chunks must be at least 1, got ${chunks}`);
  const size = x.shape[normalizeDim("chunk", dim, x.ndim)] ?? 1;
  return split(x, Math.max(1, Math.ceil(size / chunks)), dim);
}

/** The slices along `dim` as views without that dimension. */
export function unbind(x: Tensor, dim = 0): Tensor[] {
  const at = normalizeDim("unbind", dim, x.ndim);
  return Array.from({ length: x.shape[at] ?? 0 }, (_, i) => x.select(at, i));
}
