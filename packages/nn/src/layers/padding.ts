import { formatShape, type PadOptions, type Pair, pad, ShapeError, type Tensor, UsageError } from "@kindling/tensor";
import { Module } from "../module.js";
import { showSize } from "../repr.js";

/** What the padding layers share: elements added on both sides of the last one, two or three dimensions. */
export abstract class Padding extends Module {
  /** Elements added before and after the last dimension, the one before it, … */
  readonly padding: readonly number[];
  private readonly options: PadOptions;

  constructor(dimensions: number, padding: Pair, options: PadOptions) {
    super();
    const list = typeof padding === "number" ? new Array<number>(2 * dimensions).fill(padding) : [...padding];
    if (list.length !== 2 * dimensions || !list.every(Number.isInteger)) {
      throw new UsageError(
        `${new.target.name}: padding must be a whole number or a list of ${2 * dimensions} of them, the last dimension's first, got ${JSON.stringify(padding)}`,
      );
    }
    this.padding = list;
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    const dimensions = this.padding.length / 2;
    if (this.options.mode !== "constant" && x.ndim !== dimensions + 1 && x.ndim !== dimensions + 2) {
      throw new ShapeError(
        `${this.constructor.name}: expected an input of ${dimensions + 1} or ${dimensions + 2} dimensions, got ${formatShape(x.shape)}`,
      );
    }
    return pad(x, this.padding, this.options);
  }

  override extraRepr(): string {
    return showSize(this.padding);
  }
}
