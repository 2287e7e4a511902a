import { UsageError } from "@kindling/tensor";
import { type Placement, PlacementTransform } from "./placement.js";

/** What stands beyond the edge: a constant, the edge pixel, or the image mirrored without or with its edge. */
export type PaddingMode = "constant" | "edge" | "reflect" | "symmetric";

/** One number for all sides; `[horizontal, vertical]`; or `[left, top, right, bottom]`. */
export type Padding = number | readonly number[];

/** What the border of `Pad` shows. */
export interface PadOptions {
  /** One value, or one per channel, for the mode `constant`. Default 0. */
  fill?: number | readonly number[];
  /** Default "constant". */
  paddingMode?: PaddingMode;
}

/**
 * Adds a border to an image.
 *
 * **Shapes**: `[C, H, W]` → `[C, H + top + bottom, W + left + right]`.
 *
 * @example
 * const image = tensor([[[0, 50, 100, 250]]], { dtype: "uint8" });
 * new transforms.Pad([2, 0], { paddingMode: "reflect" }).forward(image).toArray(); // → [[[100, 50, 0, 50, 100, 250, 100, 50]]]
 */
export class Pad extends PlacementTransform {
  readonly padding: Padding;
  readonly fill: number | readonly number[];
  readonly paddingMode: PaddingMode;
  readonly #sides: readonly [number, number, number, number];

  constructor(padding: Padding, options: PadOptions = {}) {
    super();
    this.padding = padding;
    this.#sides = paddingSides("Pad", padding);
    this.fill = options.fill ?? 0;
    this.paddingMode = checkPaddingMode("Pad", options.paddingMode ?? "constant");
  }

  place(height: number, width: number): Placement {
    const [left, top, right, bottom] = this.#sides;
    const rows = paddedIndices("Pad", height, top, bottom, this.paddingMode);
    const columns = paddedIndices("Pad", width, left, right, this.paddingMode);
    return { rows, columns, fill: this.fill };
  }

  override toString(): string {
    return `Pad(padding=${this.padding}, fill=${this.fill}, padding_mode=${this.paddingMode})`;
  }
}

export function paddingSides(caller: string, padding: Padding): readonly [number, number, number, number] {
  const list = typeof padding === "number" ? [padding] : padding;
  const [a = Number.NaN, b = a, c = a, d = b] = list;
  if (list.length === 3 || list.length > 4 || ![a, b, c, d].every((side) => Number.isInteger(side) && side >= 0)) {
    throw new UsageError(
      `${caller}: expected padding as an integer, [horizontal, vertical] or [left, top, right, bottom], none negative, got ${JSON.stringify(padding)}`,
    );
  }
  return [a, b, c, d];
}

export function checkPaddingMode(caller: string, mode: PaddingMode): PaddingMode {
  const modes: readonly PaddingMode[] = ["constant", "edge", "reflect", "symmetric"];
  if (!modes.includes(mode))
    throw new UsageError(`${caller}: expected paddingMode to be one of ${modes.join(", ")}, got ${mode}`);
  return mode;
}

/** For each position of a padded axis, the index in the axis itself, or -1 for the fill. */
export function paddedIndices(
  caller: string,
  size: number,
  before: number,
  after: number,
  mode: PaddingMode,
): Int32Array {
  const most = Math.max(before, after);
  if (
    (mode === "reflect" && most >= size) ||
    (mode === "symmetric" && most > size) ||
    (mode === "edge" && size === 0)
  ) {
    throw new UsageError(`${caller}: ${mode} padding of ${most} does not fit an image of size ${size}`);
  }
  const indices = new Int32Array(size + before + after);
  for (let i = 0; i < indices.length; i++) {
    const at = i - before;
    if (at >= 0 && at < size) indices[i] = at;
    else if (mode === "constant") indices[i] = -1;
    else if (mode === "edge") indices[i] = at < 0 ? 0 : size - 1;
    else {
      const edge = mode === "reflect" ? 1 : 0; // whether the edge pixel itself is left out of the mirror image
      indices[i] = at < 0 ? -at - 1 + edge : 2 * size - 1 - at - edge;
    }
  }
  return indices;
}
