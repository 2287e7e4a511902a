import { allocate } from "../allocate.js";
import { resultType } from "../dtype.js";
import { ShapeError, UsageError } from "../errors.js";
import { record } from "../recorder.js";
import { formatShape, normalizeDim, sameShape } from "../shape.js";
import { Tensor } from "../tensor.js";
import { copyInto } from "./copy.js";
import { cast } from "./elementwise.js";
import { atleast1d, atleast2d, atleast3d, reshape, unsqueeze } from "./view.js";

/** PyTorch lets vectors of no elements join tensors of any shape. */
function isNothing(tensor: Tensor): boolean {
  return tensor.ndim === 1 && tensor.shape[0] === 0;
}

/**
 * Joins tensors along an existing dimension; dtypes are promoted.
 *
 * **Shapes** tensors: equal but for dimension `dim`; result: its sizes added up.
 * @throws ShapeError if other sizes differ; UsageError for an empty list.
 * @example cat([tensor([[1, 2]]), tensor([[3, 4], [5, 6]])]); // → [[1, 2], [3, 4], [5, 6]]
 */
export function cat(tensors: readonly Tensor[], dim = 0): Tensor {
  const [head] = tensors;
  if (head === undefined) throw new UsageError("cat: expected a list of at least one tensor");
  const first = tensors.find((tensor) => !isNothing(tensor)) ?? head;
  if (first.ndim === 0) throw new ShapeError("cat: 0-dimensional tensors cannot be joined; use stack");
  const along = normalizeDim("cat", dim, first.ndim);
  let total = 0;
  for (const [position, tensor] of tensors.entries()) {
    if (isNothing(tensor)) continue;
    const fits = tensor.ndim === first.ndim && tensor.shape.every((size, i) => i === along || size === first.shape[i]);
    if (!fits) {
      throw new ShapeError(
        `cat: sizes must be equal except in dimension ${along}, got ${formatShape(first.shape)} and, at position ${position}, ${formatShape(tensor.shape)}`,
      );
    }
    total += tensor.shape[along] as number;
  }
  const dtype = resultType(...tensors);
  const parts = tensors.map((tensor) => cast(tensor, dtype));
  const out = allocate(
    first.shape.map((size, i) => (i === along ? total : size)),
    dtype,
  );
  let offset = 0;
  for (const part of parts) {
    if (isNothing(part)) continue;
    copyInto(new Tensor(out.storage, dtype, part.shape, out.strides, offset * (out.strides[along] as number)), part);
    offset += part.shape[along] as number;
  }
  return record("cat", parts, out, { dim: along });
}

/**
 * Joins tensors of one shape along a new dimension.
 *
 * **Shapes** tensors: k of one shape; result: with k inserted at `dim`.
 * @throws ShapeError if the shapes differ.
 * @example
 * stack([tensor([1, 2]), tensor([3, 4])]); // → [[1, 2], [3, 4]]
 * stack([tensor([1, 2]), tensor([3, 4])], 1); // → [[1, 3], [2, 4]]
 */
export function stack(tensors: readonly Tensor[], dim = 0): Tensor {
  const [first] = tensors;
  if (first === undefined) throw new UsageError("stack: expected a list of at least one tensor");
  const wrong = tensors.findIndex((tensor) => !sameShape(tensor.shape, first.shape));
  if (wrong !== -1) {
    throw new ShapeError(
      `stack: all shapes must be equal, got ${formatShape(first.shape)} and, at position ${wrong}, ${formatShape(tensors[wrong]?.shape ?? [])}`,
    );
  }
  const along = normalizeDim("stack", dim, first.ndim + 1);
  return cat(
    tensors.map((tensor) => unsqueeze(tensor, along)),
    along,
  );
}

/**
 * Joins side by side: along dimension 1, vectors along 0; dtypes are promoted.
 *
 * **Shapes** tensors: equal but for that dimension; result: its sizes added up.
 * @throws ShapeError if other sizes differ; UsageError for an empty list.
 * @example hstack([tensor([[1], [2]]), tensor([[3], [4]])]); // → [[1, 3], [2, 4]]
 */
export function hstack(tensors: readonly Tensor[]): Tensor {
  const parts = tensors.map(atleast1d);
  return cat(parts, parts[0]?.ndim === 1 ? 0 : 1);
}

/**
 * Joins on top of each other: along dimension 0, vectors as rows; dtypes are promoted.
 *
 * **Shapes** tensors: equal but for that dimension; result: its sizes added up.
 * @throws ShapeError if other sizes differ; UsageError for an empty list.
 * @example vstack([tensor([1, 2]), tensor([3, 4])]); // → [[1, 2], [3, 4]]
 */
export function vstack(tensors: readonly Tensor[]): Tensor {
  return cat(tensors.map(atleast2d), 0);
}

export { cat as concat, cat as concatenate, vstack as rowStack };

/**
 * Joins in depth: along dimension 2; vectors and matrices get a third dimension; dtypes are promoted.
 *
 * **Shapes** tensors: equal but for that dimension; result: its sizes added up.
 * @throws ShapeError if other sizes differ; UsageError for an empty list.
 * @example dstack([tensor([1, 2]), tensor([3, 4])]); // → [[[1, 3], [2, 4]]]
 */
export function dstack(tensors: readonly Tensor[]): Tensor {
  return cat(tensors.map(atleast3d), 2);
}

/**
 * Joins as columns: {@link hstack} with vectors and scalars as columns.
 *
 * @throws ShapeError if other sizes differ; UsageError for an empty list.
 * @example columnStack([tensor([1, 2]), tensor([3, 4])]); // → [[1, 3], [2, 4]]
 */
export function columnStack(tensors: readonly Tensor[]): Tensor {
  return hstack(tensors.map((tensor) => (tensor.ndim < 2 ? reshape(tensor, [-1, 1]) : tensor)));
}
