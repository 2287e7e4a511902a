import { isGradEnabled, record, recordAll } from "../recorder.js";
import type { Shape } from "../shape.js";
import { Tensor } from "../tensor.js";
import type { OpAttributes } from "./registry.js";

type ViewName = "view" | "permute" | "expand" | "slice" | "select" | "diagonal" | "asStrided";

/** A tensor over the same memory, recorded as a view of `x`. */
export function alias<K extends ViewName>(
  op: K,
  x: Tensor,
  attributes: OpAttributes[K],
  shape: Shape,
  strides: Shape,
  offset = x.offset,
): Tensor {
  const out = new Tensor(x.storage, x.dtype, shape, strides, offset);
  // What is written through a view is written into its base, and differentiated there.
  if (isGradEnabled()) out.base = x.base ?? x;
  return record(op, [x], out, attributes);
}

/** Tensors over parts of the same memory, recorded as one operation: its gradient is put together once. */
export function aliases<K extends "split" | "unbind">(
  op: K,
  x: Tensor,
  attributes: OpAttributes[K],
  parts: readonly { readonly shape: Shape; readonly strides: Shape; readonly offset: number }[],
): Tensor[] {
  const outputs = parts.map(({ shape, strides, offset }) => {
    const out = new Tensor(x.storage, x.dtype, shape, strides, offset);
    if (isGradEnabled()) out.base = x.base ?? x;
    return out;
  });
  return recordAll(op, [x], outputs, attributes);
}

/** `length` elements along `dim`, every `step`-th from `start` on, as a view; the caller has checked the range. */
export function stridedSlice(x: Tensor, dim: number, start: number, length: number, step: number): Tensor {
  const shape = x.shape.map((size, i) => (i === dim ? length : size));
  const strides = x.strides.map((stride, i) => (i === dim ? stride * step : stride));
  const offset = x.offset + (length > 0 ? start * (x.strides[dim] as number) : 0);
  return alias("slice", x, { dim, start, length, step }, shape, strides, offset);
}
