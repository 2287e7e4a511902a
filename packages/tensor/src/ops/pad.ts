import { filled } from "../allocate.js";
import { ShapeError, UsageError } from "../errors.js";
import { formatShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { tensor } from "./creation.js";
import { indexSelect } from "./gather.js";
import { cat } from "./join.js";
import { narrow } from "./view.js";

export interface PadOptions {
  /** How the new elements are made. Default "constant". */
  mode?: "constant" | "reflect" | "replicate" | "circular";
  /** The constant. Default 0. */
  value?: number;
}

/** Which element of `size` a position outside shows. */
function sourceIndex(position: number, size: number, mode: "reflect" | "replicate" | "circular"): number {
  if (mode === "replicate") return Math.min(Math.max(position, 0), size - 1);
  if (mode === "circular") return ((position % size) + size) % size;
  const folded = Math.abs(position);
  return folded < size ? folded : 2 * (size - 1) - folded;
}

/**
 * Adds elements around the last dimensions; negative amounts cut some off.
 *
 * @param padding `[before last, after last, before second to last, …]`
 * @throws ShapeError if reflection or wrapping would need more elements than there are.
 * @example tensor([1, 2, 3]).pad([1, 0]).toArray(); // [0, 1, 2, 3]
 */
export function pad(x: Tensor, padding: readonly number[], options: PadOptions = {}): Tensor {
  const { mode = "constant", value = 0 } = options;
  if (!["constant", "reflect", "replicate", "circular"].includes(mode)) {
    throw new UsageError(
      `pad: mode must be "constant", "reflect", "replicate" or "circular", got ${JSON.stringify(mode)}`,
    );
  }
  if (padding.length % 2 !== 0 || padding.length > 2 * x.ndim || !padding.every(Number.isInteger)) {
    throw new ShapeError(
      `pad: expected two whole numbers per dimension, last first, got ${formatShape(padding)} for shape ${formatShape(x.shape)}`,
    );
  }
  let result = x;
  for (let pair = 0; pair < padding.length / 2; pair++) {
    const dim = x.ndim - 1 - pair;
    const [before, after] = [padding[2 * pair] as number, padding[2 * pair + 1] as number];
    if (before === 0 && after === 0) continue;
    const size = result.shape[dim] as number;
    if (size + before + after < 0)
      throw new ShapeError(`pad: cuts more off dimension ${dim} than its ${size} elements`);
    if (mode === "constant") {
      const cut = narrow(result, dim, Math.max(-before, 0), size + Math.min(before, 0) + Math.min(after, 0));
      const block = (amount: number): Tensor[] =>
        amount > 0
          ? [
              filled(
                cut.shape.map((own, i) => (i === dim ? amount : own)),
                x.dtype,
                value,
              ),
            ]
          : [];
      result = cat([...block(before), cut, ...block(after)], dim);
    } else {
      const most = mode === "reflect" ? size - 1 : mode === "circular" ? size : Number.POSITIVE_INFINITY;
      if (size === 0 || Math.max(before, after) > most) {
        throw new ShapeError(
          `pad: ${mode} padding of ${before} and ${after} needs more than the ${size} elements of dimension ${dim}`,
        );
      }
      const index = Array.from({ length: size + before + after }, (_, i) => sourceIndex(i - before, size, mode));
      result = indexSelect(result, dim, tensor(index, { dtype: "int32" }));
    }
  }
  return result;
}
