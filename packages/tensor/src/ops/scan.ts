import { scanOps } from "@kindling/kernels";
import { allocate } from "../allocate.js";
import { checkDType, type DType, isFloatingPoint } from "../dtype.js";
import { UsageError } from "../errors.js";
import { code, kernels, opCodes } from "../launch.js";
import { isRecording, record } from "../recorder.js";
import { normalizeDim, numberOfElements } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { cast } from "./elementwise.js";
import { cat } from "./join.js";
import { dense, splitAround } from "./reduce.js";
import type { ValuesAndIndices } from "./reduction.js";

const scanCodes = opCodes(scanOps);

/** Options of {@link cumsum} and {@link cumprod}. */
export interface ScanOptions {
  /** Element type to compute in. Default: that of x; int32 for integers and bools. */
  dtype?: DType;
}

/** Options of {@link diff}. */
export interface DiffOptions {
  /** How often to take differences. Default 1. */
  n?: number;
  /** Default: the last dimension. */
  dim?: number;
  /** Values put before x along the dimension. */
  prepend?: Tensor;
  /** Values put after x along the dimension. */
  append?: Tensor;
}

/** Runs a scan kernel along `dim` without recording. */
function runScan(op: (typeof scanOps)[number], x: Tensor, dim: number, indices: Tensor | null): Tensor {
  const out = allocate(x.shape, x.dtype);
  if (numberOfElements(x.shape) > 0) {
    const source = dense(x);
    const { outer, n, inner } = splitAround(x.shape, dim);
    const target = indices === null ? 0 : indices.address;
    kernels.scan(scanCodes[op], code(x.dtype), outer, n, inner, source.address, out.address, target);
  }
  return out;
}

function scanInput(x: Tensor, options: ScanOptions): Tensor {
  if (options.dtype !== undefined) checkDType(options.dtype);
  return cast(x, options.dtype ?? (isFloatingPoint(x.dtype) ? x.dtype : "int32"));
}

/**
 * Running sum along a dimension: `yᵢ = x₀ + … + xᵢ`. Integers and bools give int32.
 *
 * **Shapes** x: any; result: the same.
 * @example tensor([1, 2, 3]).cumsum(0); // → [1, 3, 6]
 */
export function cumsum(x: Tensor, dim: number, options: ScanOptions = {}): Tensor {
  const along = normalizeDim("cumsum", dim, x.ndim);
  const input = scanInput(x, options);
  return record("cumsum", [input], runScan("cumsum", input, along, null), { dim: along });
}

/**
 * Running product along a dimension: `yᵢ = x₀ · … · xᵢ`. Integers and bools give int32.
 *
 * **Shapes** x: any; result: the same. Options: `dtype`.
 * @example cumprod(tensor([1, 2, 3, 4]), 0); // → [1, 2, 6, 24]
 */
export function cumprod(x: Tensor, dim: number, options: ScanOptions = {}): Tensor {
  const along = normalizeDim("cumprod", dim, x.ndim);
  const input = scanInput(x, options);
  return record("cumprod", [input], runScan("cumprod", input, along, null), { dim: along });
}

/**
 * Running logarithm of the sum of exponentials along a dimension, without overflow: `ln Σ eˣ`.
 *
 * **Shapes** x: any; result: the same.
 * @example logcumsumexp(tensor([0.5, 0.5, 1000]), 0); // → [0.5, 1.1931, 1000]
 */
export function logcumsumexp(x: Tensor, dim: number): Tensor {
  const along = normalizeDim("logcumsumexp", dim, x.ndim);
  const input = isFloatingPoint(x.dtype) ? x : cast(x, "float32");
  return record("logcumsumexp", [input], runScan("logcumsumexp", input, along, null), { dim: along });
}

function runningExtreme(op: "cummax" | "cummin", x: Tensor, dim: number): ValuesAndIndices {
  const along = normalizeDim(op, dim, x.ndim);
  const indices = allocate(x.shape, "int32");
  const values = runScan(op, x, along, indices);
  return { values: isRecording([x]) ? x.gather(along, indices) : values, indices };
}

/**
 * Running maximum along a dimension and where it is (the last of equals); NaN stays.
 *
 * **Shapes** x: any; results: the same, positions as int32.
 * @example cummax(tensor([1, 3, 2, 3]), 0); // → { values: [1, 3, 3, 3], indices: [0, 1, 1, 3] }
 */
export function cummax(x: Tensor, dim: number): ValuesAndIndices {
  return runningExtreme("cummax", x, dim);
}

/**
 * Running minimum along a dimension and where it is (the last of equals); NaN stays.
 *
 * **Shapes** x: any; results: the same, positions as int32.
 * @example cummin(tensor([3, 1, 2, 1]), 0); // → { values: [3, 1, 1, 1], indices: [0, 1, 1, 3] }
 */
export function cummin(x: Tensor, dim: number): ValuesAndIndices {
  return runningExtreme("cummin", x, dim);
}

/**
 * Differences of neighbours along a dimension, `xᵢ₊₁ − xᵢ`, taken `n` times.
 *
 * **Shapes** x: any; result: n less along the dimension. Options: `n` (1), `dim` (−1), `prepend` and `append` (none).
 * @example
 * diff(tensor([1, 4, 9, 16])); // → [3, 5, 7]
 * diff(tensor([1, 4, 9, 16]), { n: 2 }); // → [2, 2]
 */
export function diff(x: Tensor, options: DiffOptions = {}): Tensor {
  const { n = 1, dim = -1, prepend, append } = options;
  if (!Number.isInteger(n) || n < 0) throw new UsageError(`diff: n must be a whole number of at least 0, got ${n}`);
  const along = normalizeDim("diff", dim, x.ndim);
  const parts = [prepend, x, append].filter((part) => part !== undefined);
  let result = parts.length > 1 ? cat(parts, along) : x;
  for (let i = 0; i < n; i++) {
    const pairs = Math.max((result.shape[along] as number) - 1, 0);
    const start = Math.min(1, result.shape[along] as number);
    const after = result.narrow(along, start, pairs);
    const before = result.narrow(along, 0, pairs);
    result = x.dtype === "bool" ? after.logicalXor(before) : after.sub(before);
  }
  return result;
}
