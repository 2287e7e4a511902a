import { allocate, filled } from "../allocate.js";
import { DTypeError, ShapeError, UsageError } from "../errors.js";
import { code, kernels, writeMeta } from "../launch.js";
import { inPlace, record } from "../recorder.js";
import { broadcastShapes, formatShape, normalizeDim, numberOfElements, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { clone, contiguous, to } from "./cast.js";
import type { TensorOrNumber } from "./elementwise.js";
import { flatten } from "./view.js";
import { where } from "./where.js";

/** Throws unless `index` holds whole numbers of `0 … size−1`; returns them as contiguous int32. */
function checkedIndex(op: string, index: Tensor, dim: number, size: number): Tensor {
  if (index.isFloatingPoint() || index.dtype === "bool") {
    throw new DTypeError(`${op}: expected an integer index, got ${index.dtype}; convert with .to("int32")`);
  }
  const flat = contiguous(to(index, "int32"));
  const count = flat.numel();
  if (count === 0) return flat;
  const range = allocate([2], "int32");
  kernels.indexRange(count, flat.address, range.address);
  const [low, high] = range.toTypedArray() as unknown as readonly [number, number];
  if (low < 0 || high >= size) {
    throw new ShapeError(
      `${op}: index ${low < 0 ? low : high} is out of bounds for dimension ${dim} with size ${size}`,
    );
  }
  return flat;
}

function around(x: Tensor, dim: number): { outer: number; size: number; inner: number } {
  return {
    outer: numberOfElements(x.shape.slice(0, dim)),
    size: x.shape[dim] ?? 1,
    inner: numberOfElements(x.shape.slice(dim + 1)),
  };
}

/**
 * The slices of `x` along `dim` that a one-dimensional `index` names, in its order.
 *
 * @throws ShapeError if an index is out of bounds.
 */
export function indexSelect(x: Tensor, dim: number, index: Tensor): Tensor {
  const at = normalizeDim("indexSelect", dim, x.ndim);
  if (index.ndim > 1)
    throw new ShapeError(`indexSelect: expected an index of one dimension, got shape ${formatShape(index.shape)}`);
  const source = contiguous(x);
  const { outer, size, inner } = around(x, at);
  const positions = checkedIndex("indexSelect", index, at, size);
  const count = positions.numel();
  const out = allocate(x.ndim === 0 ? [] : x.shape.map((own, i) => (i === at ? count : own)), x.dtype);
  if (out.numel() > 0) {
    kernels.indexSelect(code(x.dtype), outer, size, inner, count, source.address, positions.address, out.address);
  }
  return record("indexSelect", [x, positions], out, { dim: at });
}

/** A copy of `x` with `alpha · source` added to the slices along `dim` that `index` names; repeats add up. */
export function indexAdd(
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
  options: { alpha?: number } = {},
): Tensor {
  const { alpha = 1 } = options;
  const at = normalizeDim("indexAdd", dim, x.ndim);
  const { outer, size, inner } = around(x, at);
  const positions = checkedIndex("indexAdd", index, at, size);
  const expected = x.shape.map((own, i) => (i === at ? positions.numel() : own));
  if (!sameShape(source.shape, expected)) {
    throw new ShapeError(
      `indexAdd: expected a source of shape ${formatShape(expected)}, got ${formatShape(source.shape)}`,
    );
  }
  if (source.dtype !== x.dtype) throw new DTypeError(`indexAdd: expected a source of ${x.dtype}, got ${source.dtype}`);
  const out = clone(x.detach());
  const values = contiguous(source);
  if (values.numel() > 0) {
    kernels.indexAdd(
      code(x.dtype),
      outer,
      size,
      inner,
      positions.numel(),
      positions.address,
      values.address,
      out.address,
      alpha,
    );
  }
  return record("indexAdd", [x, positions, source], out, { dim: at, alpha });
}

function checkIndexShape(op: string, x: Tensor, dim: number, index: Tensor): void {
  const fits = index.ndim === x.ndim && index.shape.every((size, i) => i === dim || size <= (x.shape[i] as number));
  if (!fits) {
    throw new ShapeError(
      `${op}: index of shape ${formatShape(index.shape)} does not fit the tensor's ${formatShape(x.shape)}; all sizes but dimension ${dim}'s must be at most the tensor's`,
    );
  }
}

/** `out[i][j][k] = x[i][index[i][j][k]][k]` for `dim` 1, and likewise for others; the result has the shape of `index`. */
export function gather(x: Tensor, dim: number, index: Tensor): Tensor {
  const at = normalizeDim("gather", dim, x.ndim);
  checkIndexShape("gather", x, at, index);
  const positions = checkedIndex("gather", index, at, x.shape[at] ?? 1);
  const out = allocate(index.shape, x.dtype);
  if (out.numel() > 0) {
    const rank = Math.max(x.ndim, 1);
    const meta = x.ndim === 0 ? [1, 1, 1] : [...index.shape, ...x.strides, ...positions.strides];
    kernels.gather(code(x.dtype), rank, at, writeMeta(meta), x.address, positions.address, out.address);
  }
  return record("gather", [x, positions], out, { dim: at });
}

const scatterCodes = { scatter: 0, scatterAdd: 1 } as const;

function scatterWith(op: "scatter" | "scatterAdd", x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  const at = normalizeDim(op, dim, x.ndim);
  checkIndexShape(op, x, at, index);
  if (source.dtype !== x.dtype) throw new DTypeError(`${op}: expected a source of ${x.dtype}, got ${source.dtype}`);
  if (source.ndim !== index.ndim || source.shape.some((size, i) => size < (index.shape[i] as number))) {
    throw new ShapeError(
      `${op}: the source ${formatShape(source.shape)} is smaller than the index ${formatShape(index.shape)}`,
    );
  }
  const positions = checkedIndex(op, index, at, x.shape[at] ?? 1);
  const out = clone(x.detach());
  if (positions.numel() > 0) {
    const rank = Math.max(x.ndim, 1);
    const meta =
      x.ndim === 0 ? [1, 1, 1, 1] : [...index.shape, ...out.strides, ...positions.strides, ...source.strides];
    kernels.scatter(
      scatterCodes[op],
      code(x.dtype),
      rank,
      at,
      writeMeta(meta),
      out.address,
      positions.address,
      source.address,
    );
  }
  return record(op, [x, positions, source], out, { dim: at });
}

/** A copy of `x` with `source` (or one number) written where `index` says: the counterpart of `gather`. */
export function scatter(x: Tensor, dim: number, index: Tensor, source: TensorOrNumber): Tensor {
  const values = typeof source === "object" ? source : filled(index.shape, x.dtype, Number(source));
  return scatterWith("scatter", x, dim, index, values);
}

/** A copy of `x` with `source` added where `index` says; repeats add up. */
export function scatterAdd(x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  return scatterWith("scatterAdd", x, dim, index, source);
}

/** A copy of `x` with `value` where the bool `mask`, which broadcasts, is true. */
export function maskedFill(x: Tensor, mask: Tensor, value: TensorOrNumber): Tensor {
  if (mask.dtype !== "bool") throw new DTypeError(`maskedFill: expected a bool mask, got ${mask.dtype}`);
  if (typeof value === "object" && value.ndim > 0) {
    throw new ShapeError(
      `maskedFill: expected a number or a 0-dimensional tensor, got shape ${formatShape(value.shape)}`,
    );
  }
  return to(where(mask, value, x), x.dtype);
}

/** One-hot vectors of `numClasses` along a new last dimension, as int32; −1 takes the largest index plus 1. */
export function oneHot(x: Tensor, numClasses = -1): Tensor {
  if (x.isFloatingPoint() || x.dtype === "bool") throw new DTypeError(`oneHot: expected integers, got ${x.dtype}`);
  if (numClasses === -1 && x.numel() === 0) throw new UsageError("oneHot: cannot infer numClasses of an empty tensor");
  const classes = numClasses === -1 ? x.max().item() + 1 : numClasses;
  const flat = checkedIndex("oneHot", flatten(x), 0, classes);
  const ones = filled([flat.numel(), 1], "int32", 1);
  const rows = scatter(filled([flat.numel(), classes], "int32", 0), 1, flat.unsqueeze(1), ones);
  return rows.reshape([...x.shape, classes]);
}

/** Rows of `weight` [n, d] by an integer tensor of any shape; the result adds a last dimension of d. */
export function embedding(x: Tensor, weight: Tensor): Tensor {
  const rows = indexSelect(weight, 0, flatten(x));
  return rows.reshape([...x.shape, ...weight.shape.slice(1)]);
}

/** Overwrites every element with one number, in place. */
export function fill_(x: Tensor, value: number): Tensor {
  const source = filled([], x.dtype, value);
  return inPlace(
    x,
    [],
    (self) => self.overwrite(source),
    (old) => old.mul(0).add(source),
  );
}

/** Overwrites every element with 0, in place. */
export function zero_(x: Tensor): Tensor {
  return fill_(x, 0);
}

/** Overwrites the elements with those of `source`, which broadcasts and is converted, in place. */
export function copy_(x: Tensor, source: Tensor): Tensor {
  if (!sameShape(broadcastShapes("copy_", x.shape, source.shape), x.shape)) {
    throw new ShapeError(`copy_: shape ${formatShape(source.shape)} does not broadcast to ${formatShape(x.shape)}`);
  }
  const value = source.storage === x.storage ? source.detach().clone() : source;
  return inPlace(
    x,
    [source],
    (self) => self.overwrite(value),
    () => to(source, x.dtype).expand(x.shape),
  );
}
