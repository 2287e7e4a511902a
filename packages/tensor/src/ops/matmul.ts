import { allocate, filled, scalar } from "../allocate.js";
import { isFloatingPoint } from "../dtype.js";
import { DTypeError, ShapeError, UsageError } from "../errors.js";
import { code, kernels } from "../launch.js";
import { isRecording, record } from "../recorder.js";
import { withScratch } from "../scratch.js";
import { broadcastShapes, formatShape, numberOfElements, type Shape, sameShape } from "../shape.js";
import { composite } from "../storage.js";
import type { Tensor } from "../tensor.js";
import { dense } from "./reduce.js";
import { where } from "./where.js";

/** How a matrix lies in memory, as the kernel wants it. */
interface MatrixLayout {
  readonly matrix: Tensor;
  readonly transposed: number;
  /** Distance between rows (between columns if transposed), in elements. */
  readonly leading: number;
}

/** The last two dimensions as the kernel can read them: one of the strides is 1. Copies only what has neither. */
function layoutOf(x: Tensor): MatrixLayout {
  const { shape, strides } = x;
  const rank = shape.length;
  const rows = shape[rank - 2] as number;
  const columns = shape[rank - 1] as number;
  const rowStride = strides[rank - 2] as number;
  const columnStride = strides[rank - 1] as number;
  // A column is a row as well: with the sum along the memory the kernel need not pack what it multiplies.
  if (columns === 1 && rowStride === 1) return { matrix: x, transposed: 1, leading: rows };
  if ((columnStride === 1 || columns === 1) && (rowStride >= columns || rows === 1)) {
    return { matrix: x, transposed: 0, leading: rows === 1 ? columns : rowStride };
  }
  if ((rowStride === 1 || rows === 1) && (columnStride >= rows || columns === 1)) {
    return { matrix: x, transposed: 1, leading: columns === 1 ? rows : columnStride };
  }
  return { matrix: dense(x), transposed: 0, leading: columns };
}

/** `out = a · b` of two matrices or two batches of them, without recording; all of one floating point type. */
function runProduct(a: Tensor, b: Tensor, out: Tensor): Tensor {
  const rank = a.ndim;
  const m = a.shape[rank - 2] as number;
  const k = a.shape[rank - 1] as number;
  const n = b.shape[rank - 1] as number;
  const batch = rank === 3 ? (a.shape[0] as number) : 1;
  if (m * n * batch === 0) return out;
  const left = layoutOf(a);
  const right = layoutOf(b);
  const type = code(a.dtype);
  const bytes = kernels.matmulScratch(type, left.transposed, right.transposed, m, n, k, batch);
  withScratch(bytes, (scratch) => {
    kernels.matmul(
      type,
      left.transposed,
      right.transposed,
      m,
      n,
      k,
      left.matrix.address,
      left.leading,
      right.matrix.address,
      right.leading,
      out.address,
      n,
      batch,
      rank === 3 ? (left.matrix.strides[0] as number) : 0,
      rank === 3 ? (right.matrix.strides[0] as number) : 0,
      m * n,
      0,
      0,
      scratch,
    );
  });
  return out;
}

function checkSameType(op: string, a: Tensor, b: Tensor): void {
  if (a.dtype !== b.dtype) {
    throw new DTypeError(
      `${op}: expected both tensors of one dtype, got ${a.dtype} and ${b.dtype}; convert one with .to()`,
    );
  }
}

/** The product of two matrices [m, k] · [k, n] or batches of them [b, m, k] · [b, k, n], checked by the caller. */
function product(a: Tensor, b: Tensor): Tensor {
  // Integer products are exact in float64 as long as they fit int32.
  if (!isFloatingPoint(a.dtype)) return product(a.to("float64"), b.to("float64")).to(a.dtype);
  const rank = a.ndim;
  const m = a.shape[rank - 2] as number;
  const n = b.shape[rank - 1] as number;
  const shape = rank === 3 ? [a.shape[0] as number, m, n] : [m, n];
  const out = a.shape[rank - 1] === 0 ? filled(shape, a.dtype, 0) : runProduct(a, b, allocate(shape, a.dtype));
  return record("bmm", [a, b], out, undefined);
}

/**
 * Matrix product of two matrices, `x · other`.
 *
 * **Shapes** x: [m, k]; other: [k, n]; result: [m, n].
 * @throws ShapeError if one is no matrix or the inner sizes differ; DTypeError if the dtypes differ.
 * @example mm(tensor([[1, 2], [3, 4]]), tensor([[1], [10]])); // → [[21], [43]]
 */
export function mm(x: Tensor, other: Tensor): Tensor {
  checkSameType("mm", x, other);
  if (x.ndim !== 2 || other.ndim !== 2 || x.shape[1] !== other.shape[0]) {
    throw new ShapeError(
      `mm: expected matrices [m, k] and [k, n], got ${formatShape(x.shape)} and ${formatShape(other.shape)}; matmul takes other ranks`,
    );
  }
  return product(x, other);
}

/**
 * Matrix products of a batch.
 *
 * **Shapes** x: [b, m, k]; other: [b, k, n]; result: [b, m, n]. No broadcasting: see `matmul`.
 * @throws ShapeError if the sizes do not fit; DTypeError if the dtypes differ.
 * @example bmm(ones(2, 1, 3), ones(2, 3, 1)); // → [[[3]], [[3]]]
 */
export function bmm(x: Tensor, other: Tensor): Tensor {
  checkSameType("bmm", x, other);
  if (x.ndim !== 3 || other.ndim !== 3 || x.shape[0] !== other.shape[0] || x.shape[2] !== other.shape[1]) {
    throw new ShapeError(
      `bmm: expected batches [b, m, k] and [b, k, n], got ${formatShape(x.shape)} and ${formatShape(other.shape)}; matmul broadcasts batches`,
    );
  }
  return product(x, other);
}

/**
 * Matrix times vector.
 *
 * **Shapes** x: [m, k]; vector: [k]; result: [m].
 * @throws ShapeError if the sizes do not fit; DTypeError if the dtypes differ.
 * @example mv(tensor([[1, 2], [3, 4]]), tensor([1, 10])); // → [21, 43]
 */
export function mv(x: Tensor, vector: Tensor): Tensor {
  checkSameType("mv", x, vector);
  if (x.ndim !== 2 || vector.ndim !== 1 || x.shape[1] !== vector.shape[0]) {
    throw new ShapeError(
      `mv: expected a matrix [m, k] and a vector [k], got ${formatShape(x.shape)} and ${formatShape(vector.shape)}`,
    );
  }
  return product(x, vector.unsqueeze(1)).squeeze(1);
}

/**
 * Inner product of two vectors of one length: `Σ xᵢ yᵢ`.
 *
 * **Shapes** x, other: [n]; result: [].
 * @throws ShapeError if the sizes do not fit; DTypeError if the dtypes differ.
 * @example dot(tensor([1, 2]), tensor([3, 4])); // → 11
 */
export function dot(x: Tensor, other: Tensor): Tensor {
  checkSameType("dot", x, other);
  if (x.ndim !== 1 || other.ndim !== 1 || x.shape[0] !== other.shape[0]) {
    throw new ShapeError(
      `dot: expected two vectors of one length, got ${formatShape(x.shape)} and ${formatShape(other.shape)}`,
    );
  }
  return composite(() => x.mul(other).sum());
}

/**
 * Outer product of two vectors: `xᵢ yⱼ`.
 *
 * **Shapes** x: [n]; other: [m]; result: [n, m].
 * @throws ShapeError if one is no vector.
 * @example outer(tensor([1, 2]), tensor([3, 4])); // → [[3, 4], [6, 8]]
 */
export function outer(x: Tensor, other: Tensor): Tensor {
  if (x.ndim !== 1 || other.ndim !== 1) {
    throw new ShapeError(`outer: expected two vectors, got ${formatShape(x.shape)} and ${formatShape(other.shape)}`);
  }
  return x.unsqueeze(1).mul(other);
}

/** `x` with its batch dimensions broadcast to `batch` and merged into one. */
function mergeBatch(x: Tensor, batch: Shape, count: number): Tensor {
  const matrix = x.shape.slice(-2);
  const own = x.shape.slice(0, -2);
  // One matrix for the whole batch is read again and again instead of being copied.
  if (numberOfElements(own) === 1) return x.reshape([1, ...matrix]).expand([count, ...matrix]);
  return (sameShape(own, batch) ? x : x.expand([...batch, ...matrix])).reshape([count, ...matrix]);
}

/**
 * Matrix product with broadcasting over batches.
 *
 * **Shapes** [k]·[k] → []; [m, k]·[k] → [m]; [k]·[k, n] → [n]; [m, k]·[k, n] → [m, n];
 * [..., m, k]·[..., k, n] → [..., m, n], where the leading dimensions broadcast and a vector counts as a matrix.
 * @throws ShapeError if the inner sizes differ, batches do not broadcast or one is 0-dimensional; DTypeError if the dtypes differ.
 * @example
 * tensor([[1, 2], [3, 4]]).matmul(tensor([1, 1])); // → [3, 7]
 * matmul(ones(5, 2, 3), ones(3, 4)).shape; // → [5, 2, 4]
 */
export function matmul(x: Tensor, other: Tensor): Tensor {
  checkSameType("matmul", x, other);
  if (x.ndim === 0 || other.ndim === 0) {
    throw new ShapeError(
      `matmul: both tensors need at least one dimension, got ${formatShape(x.shape)} and ${formatShape(other.shape)}; use mul for scalars`,
    );
  }
  const inner = other.ndim === 1 ? 0 : other.ndim - 2;
  if (x.shape[x.ndim - 1] !== other.shape[inner]) {
    throw new ShapeError(
      `matmul: the last size of ${formatShape(x.shape)} must equal size ${inner - other.ndim} of ${formatShape(other.shape)}: ${x.shape[x.ndim - 1]} meets ${other.shape[inner]}`,
    );
  }
  if (x.ndim === 2 && other.ndim === 2) return product(x, other);
  if (x.ndim === 1) {
    if (other.ndim === 1) return dot(x, other);
    const result = matmul(x.unsqueeze(0), other);
    return result.squeeze(result.ndim - 2);
  }
  if (other.ndim === 1) {
    const result = matmul(x, other.unsqueeze(1));
    return result.squeeze(result.ndim - 1);
  }
  const m = x.shape[x.ndim - 2] as number;
  const k = x.shape[x.ndim - 1] as number;
  const n = other.shape[other.ndim - 1] as number;
  if (other.ndim === 2) {
    const rows = numberOfElements(x.shape.slice(0, -1));
    return product(x.reshape([rows, k]), other).reshape([...x.shape.slice(0, -1), n]);
  }
  const batch = broadcastShapes("matmul", x.shape.slice(0, -2), other.shape.slice(0, -2));
  const count = numberOfElements(batch);
  return product(mergeBatch(x, batch, count), mergeBatch(other, batch, count)).reshape([...batch, m, n]);
}

/**
 * Sum of products over the last dimension of both; for vectors, {@link dot}.
 *
 * **Shapes** x: [..., k]; other: [..., k]; result: the other dimensions of x, then those of other.
 * @throws ShapeError if the last sizes differ.
 * @example inner(tensor([[1, 2], [3, 4]]), tensor([1, 10])); // → [21, 43]
 */
export function inner(x: Tensor, other: Tensor): Tensor {
  if (x.ndim === 0 || other.ndim === 0) return x.mul(other);
  if (x.shape[x.ndim - 1] !== other.shape[other.ndim - 1]) {
    throw new ShapeError(
      `inner: the last sizes must be equal, got ${formatShape(x.shape)} and ${formatShape(other.shape)}`,
    );
  }
  return tensordot(x, other, [[x.ndim - 1], [other.ndim - 1]]);
}

/** Factors of what {@link addmm} and its like add up. */
export interface ScaledSumOptions {
  /** Factor of the tensor added. Default 1; 0 ignores it, NaN and all. */
  beta?: number;
  /** Factor of the product. Default 1. */
  alpha?: number;
}

function scaledSum(op: string, x: Tensor, result: Tensor, options: ScaledSumOptions): Tensor {
  const { beta = 1, alpha = 1 } = options;
  if (!sameShape(broadcastShapes(op, x.shape, result.shape), result.shape)) {
    throw new ShapeError(
      `${op}: ${formatShape(x.shape)} cannot be added to a product of shape ${formatShape(result.shape)}`,
    );
  }
  const scaled = alpha === 1 ? result : result.mul(alpha);
  if (beta !== 0) return scaled.add(x, { alpha: beta });
  // Nothing of x, not even its NaN, but for a gradient of zeros.
  return isRecording([x]) ? scaled.add(where(scalar(false, "bool"), x, 0)) : scaled;
}

/**
 * Matrix product added to x: `beta · x + alpha · (a · b)`.
 *
 * **Shapes** a: [m, k]; b: [k, n]; x: any that broadcasts to [m, n]; result: [m, n]. Options: `beta` (1), `alpha` (1).
 * @throws ShapeError if the sizes do not fit; DTypeError if the dtypes differ.
 * @example
 * addmm(tensor([100, 200]), tensor([[1, 2], [3, 4]]), tensor([[1, 0], [0, 1]]), { alpha: 10 }); // → [[110, 220],
 * //    [130, 240]]
 */
export function addmm(x: Tensor, a: Tensor, b: Tensor, options: ScaledSumOptions = {}): Tensor {
  return scaledSum("addmm", x, mm(a, b), options);
}

/**
 * Matrix times vector added to x: `beta · x + alpha · (a · v)`.
 *
 * **Shapes** a: [m, k]; v: [k]; x: any that broadcasts to [m]; result: [m]. Options: `beta` (1), `alpha` (1).
 * @throws ShapeError if the sizes do not fit; DTypeError if the dtypes differ.
 * @example addmv(tensor([100, 200]), tensor([[1, 2], [3, 4]]), tensor([1, 1])); // → [103, 207]
 */
export function addmv(x: Tensor, a: Tensor, v: Tensor, options: ScaledSumOptions = {}): Tensor {
  return scaledSum("addmv", x, mv(a, v), options);
}

/**
 * Outer product added to x: `beta · x + alpha · (v ⊗ w)`.
 *
 * **Shapes** v: [n]; w: [m]; x: any that broadcasts to [n, m]; result: [n, m]. Options: `beta` (1), `alpha` (1).
 * @throws ShapeError if the sizes do not fit.
 * @example addr(tensor([100]), tensor([1, 2]), tensor([3, 4])); // → [[103, 104], [106, 108]]
 */
export function addr(x: Tensor, v: Tensor, w: Tensor, options: ScaledSumOptions = {}): Tensor {
  return scaledSum("addr", x, outer(v, w), options);
}

/**
 * Matrix products of a batch added to x: `beta · x + alpha · (a · b)`.
 *
 * **Shapes** a: [b, m, k]; b: [b, k, n]; x: any that broadcasts to [b, m, n]; result: [b, m, n].
 * Options: `beta` (1), `alpha` (1).
 * @throws ShapeError if the sizes do not fit; DTypeError if the dtypes differ.
 * @example baddbmm(zeros(1), ones(2, 1, 3), ones(2, 3, 1), { alpha: 0.5 }); // → [[[1.5]], [[1.5]]]
 */
export function baddbmm(x: Tensor, a: Tensor, b: Tensor, options: ScaledSumOptions = {}): Tensor {
  return scaledSum("baddbmm", x, bmm(a, b), options);
}

/**
 * Sum of the matrix products of a batch, added to x: `beta · x + alpha · Σ aᵢ · bᵢ`.
 *
 * **Shapes** a: [b, m, k]; b: [b, k, n]; x: any that broadcasts to [m, n]; result: [m, n].
 * Options: `beta` (1), `alpha` (1).
 * @throws ShapeError if the sizes do not fit; DTypeError if the dtypes differ.
 * @example addbmm(zeros(1, 1), ones(2, 1, 3), ones(2, 3, 1)); // → [[6]]
 */
export function addbmm(x: Tensor, a: Tensor, b: Tensor, options: ScaledSumOptions = {}): Tensor {
  const products = bmm(a, b);
  return scaledSum("addbmm", x, products.sum(0, { dtype: products.dtype }), options);
}

/**
 * `x · weightᵀ + bias`, over the last dimension of x.
 *
 * **Shapes** x: [..., in]; weight: [out, in], or [in]; bias: [out], or none; result: [..., out].
 * @throws ShapeError if the sizes do not fit; DTypeError if the dtypes differ.
 * @example linear(tensor([[1, 2]]), tensor([[1, 0], [0, 1], [1, 1]]), tensor([0, 0, 100])); // → [[1, 2, 103]]
 */
export function linear(x: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  checkSameType("linear", x, weight);
  if (bias !== null) checkSameType("linear", x, bias);
  const size = x.shape[x.ndim - 1];
  if (x.ndim === 0 || weight.ndim < 1 || weight.ndim > 2 || size !== weight.shape[weight.ndim - 1]) {
    throw new ShapeError(
      `linear: expected ${weight.shape[weight.ndim - 1] ?? "some"} features in the last dimension for weight ${formatShape(weight.shape)}, got input ${formatShape(x.shape)}`,
    );
  }
  if (weight.ndim === 1) {
    const result = matmul(x, weight);
    return bias === null ? result : result.add(bias);
  }
  const features = weight.shape[0] as number;
  if (bias !== null && !(bias.ndim === 1 && bias.shape[0] === features)) {
    throw new ShapeError(
      `linear: expected a bias [${features}] for weight ${formatShape(weight.shape)}, got ${formatShape(bias.shape)}`,
    );
  }
  if (!isFloatingPoint(x.dtype)) {
    const result = matmul(x, weight.transpose(0, 1));
    return bias === null ? result : result.add(bias);
  }
  const shape = [...x.shape];
  shape[shape.length - 1] = features;
  const out = allocate(shape, x.dtype);
  runLinear(x, weight, bias, out);
  return record("linear", [x, weight, bias], out, undefined);
}

function runLinear(x: Tensor, weight: Tensor, bias: Tensor | null, out: Tensor): void {
  const n = weight.shape[0] as number;
  const k = weight.shape[1] as number;
  const count = numberOfElements(out.shape);
  if (count === 0) return;
  if (k === 0) {
    if (bias === null) out.overwrite(filled([], out.dtype, 0));
    else out.overwrite(bias);
    return;
  }
  const m = count / n;
  // A matrix with a stride of 1 is read where it is; anything else but contiguous rows is copied.
  const left: MatrixLayout = x.ndim === 2 ? layoutOf(x) : { matrix: dense(x), transposed: 0, leading: k };
  const right = layoutOf(weight);
  const offsets = bias === null ? null : dense(bias);
  const type = code(x.dtype);
  const transposed = 1 - right.transposed;
  withScratch(kernels.matmulScratch(type, left.transposed, transposed, m, n, k, 1), (scratch) => {
    kernels.matmul(
      type,
      left.transposed,
      transposed,
      m,
      n,
      k,
      left.matrix.address,
      left.leading,
      right.matrix.address,
      right.leading,
      out.address,
      n,
      1,
      0,
      0,
      0,
      offsets === null ? 0 : offsets.address,
      0,
      scratch,
    );
  });
}

/**
 * Sum of products over several dimensions: over the last `dims` of x and the first of other, or over the
 * two lists of dimensions.
 *
 * **Shapes** result: the dimensions of x that are not summed over, then those of other.
 * @throws ShapeError if the sizes of paired dimensions differ.
 * @example tensordot(ones(2, 3, 4), ones(4, 3), [[1, 2], [1, 0]]); // → [12, 12]
 */
export function tensordot(
  x: Tensor,
  other: Tensor,
  dims: number | readonly [readonly number[], readonly number[]] = 2,
): Tensor {
  const count = typeof dims === "number" ? dims : dims[0].length;
  const left = typeof dims === "number" ? Array.from({ length: dims }, (_, i) => x.ndim - dims + i) : [...dims[0]];
  const right = typeof dims === "number" ? Array.from({ length: dims }, (_, i) => i) : [...dims[1]];
  if (right.length !== count) {
    throw new UsageError(`tensordot: both lists of dimensions must be equally long, got ${count} and ${right.length}`);
  }
  const a = left.map((dim) => (dim < 0 ? dim + x.ndim : dim));
  const b = right.map((dim) => (dim < 0 ? dim + other.ndim : dim));
  for (let i = 0; i < count; i++) {
    const size = x.shape[a[i] as number];
    if (size === undefined || size !== other.shape[b[i] as number]) {
      throw new ShapeError(
        `tensordot: dimension ${left[i]} of ${formatShape(x.shape)} must be as large as dimension ${right[i]} of ${formatShape(other.shape)}`,
      );
    }
  }
  const freeA = x.shape.map((_, i) => i).filter((i) => !a.includes(i));
  const freeB = other.shape.map((_, i) => i).filter((i) => !b.includes(i));
  const shapeA = freeA.map((i) => x.shape[i] as number);
  const shapeB = freeB.map((i) => other.shape[i] as number);
  const k = numberOfElements(a.map((i) => x.shape[i] as number));
  const rows = x.permute([...freeA, ...a]).reshape([numberOfElements(shapeA), k]);
  const columns = other.permute([...b, ...freeB]).reshape([k, numberOfElements(shapeB)]);
  return mm(rows, columns).reshape([...shapeA, ...shapeB]);
}

/**
 * Kronecker product: every element of x times the whole of other, as blocks.
 *
 * **Shapes** x: [… nᵢ …]; other: [… mᵢ …] (the shorter shape gets ones in front); result: [… nᵢ·mᵢ …].
 * @example kron(tensor([1, 10]), tensor([1, 2])); // → [1, 2, 10, 20]
 */
export function kron(x: Tensor, other: Tensor): Tensor {
  const rank = Math.max(x.ndim, other.ndim);
  const a = [...Array<number>(rank - x.ndim).fill(1), ...x.shape];
  const b = [...Array<number>(rank - other.ndim).fill(1), ...other.shape];
  const left = x.reshape(a.flatMap((size) => [size, 1]));
  const right = other.reshape(b.flatMap((size) => [1, size]));
  return left.mul(right).reshape(a.map((size, i) => size * (b[i] as number)));
}

/**
 * Sum of the diagonal of a matrix.
 *
 * **Shapes** x: [n, m]; result: [].
 * @throws ShapeError for another rank.
 * @example trace(tensor([[1, 2], [3, 4]])); // → 5
 */
export function trace(x: Tensor): Tensor {
  if (x.ndim !== 2) throw new ShapeError(`trace: expected a matrix, got shape ${formatShape(x.shape)}`);
  return x.diagonal().sum();
}
