import { filled } from "../allocate.js";
import { promoteTypes } from "../dtype.js";
import { ShapeError, UsageError } from "../errors.js";
import { broadcastShapes, checkShape, formatShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { fromArray } from "./creation.js";
import { cat, stack } from "./join.js";
import { expand, reshape } from "./view.js";

type Tensors = readonly [readonly Tensor[]] | readonly Tensor[];

/** Tensors given as a list or one by one. */
function listOf(tensors: Tensors): readonly Tensor[] {
  const [first] = tensors;
  return Array.isArray(first) ? first : (tensors as readonly Tensor[]);
}

/**
 * All tensors expanded to their common shape, as views.
 *
 * **Shapes** any that broadcast; results: the common shape.
 * @throws ShapeError if they do not broadcast.
 * @example broadcastTensors(tensor([1, 2]), tensor([[3], [4]])); // → [[[1, 2], [1, 2]], [[3, 3], [4, 4]]]
 */
export function broadcastTensors(...tensors: Tensors): Tensor[] {
  const list = listOf(tensors);
  const shape = list.reduce<readonly number[]>(
    (common, { shape }) => broadcastShapes("broadcastTensors", common, shape),
    [],
  );
  return list.map((tensor) => expand(tensor, shape));
}

/** Options of {@link meshgrid}. */
export interface MeshgridOptions {
  /** "ij" (default): the first vector runs along dimension 0; "xy": along dimension 1, as in plots. */
  indexing?: "ij" | "xy";
}

/**
 * The coordinates of all points of a grid: one tensor per vector, in which that vector runs along its dimension.
 *
 * **Shapes** tensors: vectors of n₁, n₂, … (or scalars); results: [n₁, n₂, …], as views.
 * @example meshgrid([arange(2), arange(3)]); // → [[[0, 0, 0], [1, 1, 1]], [[0, 1, 2], [0, 1, 2]]]
 */
export function meshgrid(tensors: readonly Tensor[], options: MeshgridOptions = {}): Tensor[] {
  const { indexing = "ij" } = options;
  if (indexing !== "ij" && indexing !== "xy") {
    throw new UsageError(`meshgrid: indexing must be "ij" or "xy", got ${JSON.stringify(indexing)}`);
  }
  const wrong = tensors.find((tensor) => tensor.ndim > 1);
  if (wrong !== undefined) throw new ShapeError(`meshgrid: expected vectors, got shape ${formatShape(wrong.shape)}`);
  const dims = tensors.map((_, i) => (indexing === "xy" && i < 2 && tensors.length > 1 ? 1 - i : i));
  const shape = new Array<number>(tensors.length).fill(1);
  for (const [i, tensor] of tensors.entries()) shape[dims[i] as number] = tensor.numel();
  return tensors.map((tensor, i) =>
    expand(
      reshape(
        tensor,
        shape.map((_, dim) => (dim === dims[i] ? -1 : 1)),
      ),
      shape,
    ),
  );
}

/**
 * All combinations of one element of each vector, in order; of a single vector, itself.
 *
 * **Shapes** vectors of n₁, …, nₖ; result: [n₁·…·nₖ, k].
 * @example cartesianProd(tensor([1, 2]), tensor([3, 4])); // → [[1, 3], [1, 4], [2, 3], [2, 4]]
 */
export function cartesianProd(...tensors: Tensors): Tensor {
  const list = listOf(tensors);
  if (list.length === 0) throw new UsageError("cartesianProd: expected at least one tensor");
  if (list.length === 1) return list[0] as Tensor;
  return stack(
    meshgrid(list).map((axis) => reshape(axis, [-1])),
    1,
  );
}

/**
 * Matrices along the diagonal of one matrix, 0 elsewhere; vectors count as rows.
 *
 * **Shapes** [n₁, m₁], …, [nₖ, mₖ]; result: [n₁ + … + nₖ, m₁ + … + mₖ].
 * @throws ShapeError for more than 2 dimensions.
 * @example blockDiag(tensor([[1, 2], [3, 4]]), tensor([5])); // → [[1, 2, 0], [3, 4, 0], [0, 0, 5]]
 */
export function blockDiag(...tensors: Tensors): Tensor {
  const matrices = listOf(tensors).map((tensor) => {
    if (tensor.ndim > 2)
      throw new ShapeError(`blockDiag: expected at most 2 dimensions, got ${formatShape(tensor.shape)}`);
    return tensor.ndim === 2 ? tensor : reshape(tensor, [1, -1]);
  });
  if (matrices.length === 0) throw new UsageError("blockDiag: expected at least one tensor");
  const width = matrices.reduce((sum, matrix) => sum + (matrix.shape[1] as number), 0);
  const dtype = matrices.map((matrix) => matrix.dtype).reduce(promoteTypes);
  let before = 0;
  const rows = matrices.map((matrix) => {
    const [height, own] = matrix.shape as [number, number];
    const block = (columns: number): Tensor => filled([height, columns], dtype, 0);
    const row = cat([block(before), matrix, block(width - before - own)], 1);
    before += own;
    return row;
  });
  return cat(rows, 0);
}

function triangleIndices(op: string, rows: number, columns: number, keep: (distance: number) => boolean): Tensor {
  checkShape(op, [rows, columns]);
  const positions: [number[], number[]] = [[], []];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      if (!keep(j - i)) continue;
      positions[0].push(i);
      positions[1].push(j);
    }
  }
  return fromArray(positions.flat(), [2, positions[0].length], "int32");
}

/**
 * Rows and columns of the lower triangle of a matrix up to the `offset`-th diagonal (default 0).
 *
 * **Shapes** result (int32): [2, count].
 * @example trilIndices(2, 2); // → [[0, 1, 1], [0, 0, 1]]
 */
export function trilIndices(rows: number, columns: number, offset = 0): Tensor {
  return triangleIndices("trilIndices", rows, columns, (distance) => distance <= offset);
}

/**
 * Rows and columns of the upper triangle of a matrix from the `offset`-th diagonal on (default 0).
 *
 * **Shapes** result (int32): [2, count].
 * @example triuIndices(2, 2); // → [[0, 0, 1], [0, 1, 1]]
 */
export function triuIndices(rows: number, columns: number, offset = 0): Tensor {
  return triangleIndices("triuIndices", rows, columns, (distance) => distance >= offset);
}
