import { ShapeError } from "@kindling/tensor";
import { drawInteger } from "../draws.js";
import { checkPaddingMode, type Padding, type PaddingMode, paddedIndices, paddingSides } from "./pad.js";
import { sizePair } from "./pixels.js";
import { type Placement, PlacementTransform } from "./placement.js";

/** The border of `RandomCrop`. */
export interface RandomCropOptions {
  /** Border added before cropping. Default: none. */
  padding?: Padding;
  /** Whether images smaller than the crop are padded up to it. Default false. */
  padIfNeeded?: boolean;
  /** Value of the border, or one per channel. Default 0. */
  fill?: number | readonly number[];
  /** Default "constant". */
  paddingMode?: PaddingMode;
}

/**
 * Cuts a window out of an image at a random place, with PyTorch's draws: none if the image has that size already,
 * else the top, then the left edge.
 *
 * **Shapes**: `[C, H, W]` → `[C, height, width]`.
 *
 * @throws ShapeError when the image with its border is smaller than the crop.
 * @example
 * const image = arange(16, { dtype: "uint8" }).reshape([1, 4, 4]);
 * manualSeed(0);
 * new transforms.RandomCrop(3, { padding: 1 }).forward(image).toArray(); // → [[[0, 0, 0], [2, 3, 0], [6, 7, 0]]]
 */
export class RandomCrop extends PlacementTransform {
  readonly size: readonly [height: number, width: number];
  readonly padding: Padding | null;
  readonly padIfNeeded: boolean;
  readonly fill: number | readonly number[];
  readonly paddingMode: PaddingMode;
  readonly #axes = new Map<string, Int32Array>();
  readonly #sides: readonly [number, number, number, number];

  constructor(size: number | readonly number[], options: RandomCropOptions = {}) {
    super();
    this.size = sizePair("RandomCrop", size);
    this.padding = options.padding ?? null;
    this.padIfNeeded = options.padIfNeeded ?? false;
    this.fill = options.fill ?? 0;
    this.paddingMode = checkPaddingMode("RandomCrop", options.paddingMode ?? "constant");
    this.#sides = paddingSides("RandomCrop", this.padding ?? 0);
  }

  place(height: number, width: number): Placement | null {
    const [newHeight, newWidth] = this.size;
    const [left, top, right, bottom] = this.#sides;
    const columns = this.#axis(width, left, right, newWidth);
    const rows = this.#axis(height, top, bottom, newHeight);
    if (rows.length < newHeight || columns.length < newWidth) {
      throw new ShapeError(
        `RandomCrop: expected an image of at least [${newHeight}, ${newWidth}], got [${rows.length}, ${columns.length}]; set padding or padIfNeeded`,
      );
    }
    if (height === newHeight && width === newWidth && rows.length === newHeight && columns.length === newWidth)
      return null;
    if (rows.length === newHeight && columns.length === newWidth) return { rows, columns, fill: this.fill };
    const y = drawInteger(rows.length - newHeight + 1);
    const x = drawInteger(columns.length - newWidth + 1);
    return { rows: rows.subarray(y, y + newHeight), columns: columns.subarray(x, x + newWidth), fill: this.fill };
  }

  /** The padded axis; images of a data set mostly have one size, so the last ones are kept. */
  #axis(size: number, before: number, after: number, wanted: number): Int32Array {
    const key = `${size} ${before} ${after} ${wanted}`;
    let indices = this.#axes.get(key);
    if (indices === undefined) {
      const padded = size + before + after;
      const missing = this.padIfNeeded && padded < wanted ? wanted - padded : 0;
      indices = paddedIndices("RandomCrop", size, before + missing, after + missing, this.paddingMode);
      if (this.#axes.size >= 16) this.#axes.clear();
      this.#axes.set(key, indices);
    }
    return indices;
  }

  override toString(): string {
    return `RandomCrop(size=(${this.size.join(", ")}), padding=${this.padding ?? "None"})`;
  }
}
