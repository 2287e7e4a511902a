import { filled, scalar } from "../allocate.js";
import { DTypeError, ShapeError, UsageError } from "../errors.js";
import { noGrad } from "../recorder.js";
import { formatShape, normalizeDim, numberOfElements } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { positionsOf } from "./positions.js";
import { vectorNorm } from "./reduction.js";
import { scatterInto } from "./scatter-into.js";
import { expand } from "./view.js";
import { where } from "./where.js";

/**
 * One-hot vectors along a new last dimension: 1 at the class, 0 elsewhere, as int32.
 *
 * **Shapes** x (integers): any; result: x's, then numClasses. `numClasses` −1 (default) takes the largest plus 1.
 * @throws ShapeError if a class is negative or not below numClasses.
 * @example tensor([0, 2]).oneHot(3); // → [[1, 0, 0], [0, 0, 1]]
 */
export function oneHot(x: Tensor, numClasses = -1): Tensor {
  if (x.isFloatingPoint() || x.dtype === "bool") {
    throw new DTypeError(`oneHot: expected integers, got ${x.dtype}; convert with .to("int32")`);
  }
  if (numClasses === -1 && numberOfElements(x.shape) === 0) {
    throw new UsageError("oneHot: an empty tensor does not tell the number of classes; give numClasses");
  }
  const classes = numClasses === -1 ? Math.max(0, x.max().item()) + 1 : numClasses;
  const positions = positionsOf("oneHot", x.unsqueeze(-1), x.ndim, classes, { range: `${classes} classes` });
  const out = filled([...x.shape, classes], "int32", 0);
  scatterInto("set", out, x.ndim, positions, expand(scalar(1, "int32"), positions.shape));
  return out;
}

/** Options of {@link embedding}. */
export interface EmbeddingOptions {
  /** The row that gets no gradient; negative counts from the end. Default none. */
  paddingIdx?: number | null;
  /** Divides each row's gradient by how often it occurs in x. Default false. */
  scaleGradByFreq?: boolean;
  /** Rows that are looked up and have a larger norm are first scaled down to it, in the table itself. Default none. */
  maxNorm?: number | null;
  /** Which norm `maxNorm` means. Default 2. */
  normType?: number;
}

function limitRows(weight: Tensor, rows: Tensor, maxNorm: number, normType: number): void {
  if (weight.ndim !== 2) {
    throw new ShapeError(`embedding: maxNorm needs a table of two dimensions, got ${formatShape(weight.shape)}`);
  }
  noGrad(() => {
    const found = weight.indexSelect(0, rows);
    const norms = vectorNorm(found, normType, 1, { keepdim: true });
    const scale = where(norms.gt(maxNorm), norms.add(1e-7).reciprocal().mul(maxNorm), 1);
    weight.indexCopy_(0, rows, found.mul(scale));
  });
}

/**
 * Looks up rows of a table: `out[…] = weight[x[…]]`.
 *
 * **Shapes** x (integers): any; weight: [rows, ...]; result: x's shape, then that of a row.
 * Options: `paddingIdx` (none), `scaleGradByFreq` (false), `maxNorm` (none), `normType` (2).
 * @throws ShapeError if an index is out of bounds.
 * @example
 * const table = tensor([[0, 0], [1, 10], [2, 20]]);
 * embedding(tensor([2, 1, 2]), table); // → [[2, 20], [1, 10], [2, 20]]
 */
export function embedding(x: Tensor, weight: Tensor, options: EmbeddingOptions = {}): Tensor {
  if (weight.ndim === 0) throw new ShapeError(`embedding: expected a table of rows, got ${formatShape(weight.shape)}`);
  const { paddingIdx = null, scaleGradByFreq = false, maxNorm = null, normType = 2 } = options;
  const rows = weight.shape[0] as number;
  const positions = positionsOf("embedding", x, 0, rows, { range: `a table of ${rows} rows` });
  const shape = [...x.shape, ...weight.shape.slice(1)];
  const flat = positions.reshape([-1]);
  const padding = paddingIdx === null ? null : normalizeDim("embedding", paddingIdx, rows);
  if (maxNorm !== null) limitRows(weight, flat, maxNorm, normType);
  const found = weight.indexSelect(0, flat);
  const perRow = (value: Tensor): Tensor => value.reshape([-1, ...weight.shape.slice(1).map(() => 1)]);
  // The options change the gradients of the rows, never their values.
  if (found.requiresGrad && scaleGradByFreq) {
    const ones = filled(flat.shape, weight.dtype, 1);
    const counts = perRow(filled([rows], weight.dtype, 0).indexAdd(0, flat, ones).indexSelect(0, flat));
    found.registerHook((gradient) => gradient.div(counts));
  }
  if (found.requiresGrad && padding !== null) {
    const isPadding = perRow(flat.eq(padding));
    found.registerHook((gradient) => gradient.maskedFill(isPadding, 0));
  }
  return found.reshape(shape);
}
