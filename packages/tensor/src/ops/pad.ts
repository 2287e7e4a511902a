import { ShapeError, UsageError } from "../errors.js";
import { contiguousStrides, formatShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { clone } from "./cast.js";
import { fromArray } from "./creation.js";
import { placeStrided } from "./place.js";
import { narrow } from "./view.js";

const modes = ["constant", "reflect", "replicate", "circular"] as const;
type Mode = (typeof modes)[number];

/** Options of {@link pad}. */
export interface PadOptions {
  /** How the new elements are made. Default "constant". */
  mode?: Mode;
  /** The constant. Default 0. */
  value?: number;
}

/** Amounts before and after every dimension; negative ones cut off. */
function amountsOf(x: Tensor, padding: readonly number[]): (readonly [before: number, after: number])[] {
  if (padding.length % 2 !== 0 || padding.length > 2 * x.ndim || !padding.every(Number.isInteger)) {
    throw new ShapeError(
      `pad: expected two whole numbers per dimension, the last first, got ${formatShape(padding)} for shape ${formatShape(x.shape)}`,
    );
  }
  return x.shape.map((size, dim) => {
    const at = 2 * (x.ndim - 1 - dim);
    const [before = 0, after = 0] = padding.slice(at, at + 2);
    if (size + before + after < 0) {
      throw new ShapeError(`pad: ${before} and ${after} cut more off dimension ${dim} than its ${size} elements`);
    }
    return [before, after];
  });
}

function padConstant(x: Tensor, amounts: readonly (readonly [number, number])[], value: number): Tensor {
  let kept = x;
  for (const [dim, [before, after]] of amounts.entries()) {
    if (before >= 0 && after >= 0) continue;
    const size = (x.shape[dim] as number) + Math.min(before, 0) + Math.min(after, 0);
    kept = narrow(kept, dim, Math.min(Math.max(-before, 0), x.shape[dim] as number), Math.max(0, size));
  }
  if (amounts.every(([before, after]) => before <= 0 && after <= 0)) return clone(kept);
  const shape = x.shape.map((size, dim) => size + (amounts[dim]?.[0] ?? 0) + (amounts[dim]?.[1] ?? 0));
  const strides = contiguousStrides(shape);
  const offset = strides.reduce((sum, stride, dim) => sum + stride * Math.max(amounts[dim]?.[0] ?? 0, 0), 0);
  return placeStrided(kept, shape, strides, offset, value);
}

/** Which of `size` elements a position outside shows. */
function sourceOf(position: number, size: number, mode: Mode): number {
  if (mode === "replicate") return Math.min(Math.max(position, 0), size - 1);
  if (mode === "circular") return ((position % size) + size) % size;
  const folded = Math.abs(position);
  return folded < size ? folded : 2 * (size - 1) - folded;
}

/**
 * Adds elements around the last dimensions; negative amounts cut some off.
 *
 * `padding` is `[before last, after last, before second to last, …]`. Options: `mode` "constant" (default, with
 * `value`, 0), "reflect" (mirrors without the edge), "replicate" (repeats the edge) or "circular" (wraps around).
 *
 * **Shapes** x: any; result: each size plus its two amounts.
 * @throws ShapeError if more is cut off, mirrored or wrapped than there is.
 * @example
 * tensor([1, 2, 3]).pad([1, 0]); // → [0, 1, 2, 3]
 * pad(tensor([[1, 2, 3]], { dtype: "float32" }), [2, 2], { mode: "reflect" }); // → [[3, 2, 1, 2, 3, 2, 1]]
 */
export function pad(x: Tensor, padding: readonly number[], options: PadOptions = {}): Tensor {
  const { mode = "constant", value = 0 } = options;
  if (!modes.includes(mode)) {
    throw new UsageError(`pad: mode must be one of ${modes.join(", ")}, got ${JSON.stringify(mode)}`);
  }
  const amounts = amountsOf(x, padding);
  if (mode === "constant") return padConstant(x, amounts, value);
  let result = x;
  for (const [dim, [before, after]] of amounts.entries()) {
    if (before === 0 && after === 0) continue;
    const size = x.shape[dim] as number;
    const most = { reflect: size - 1, circular: size, replicate: Number.POSITIVE_INFINITY }[mode];
    if (size === 0 || Math.max(before, after) > most) {
      throw new ShapeError(
        `pad: ${mode} padding of ${before} and ${after} needs more than the ${size} elements of dimension ${dim} (at most ${most})`,
      );
    }
    const index = Int32Array.from({ length: size + before + after }, (_, i) => sourceOf(i - before, size, mode));
    result = result.indexSelect(dim, fromArray(index, [index.length], "int32"));
  }
  return result === x ? clone(x) : result;
}
