import { type ColumnOptions, im2col, type Pair, type Tensor } from "@kindling/tensor";
import { Module } from "../module.js";
import { showSize } from "../repr.js";

/**
 * The elements of every window over two dimensions as columns. See `functional.unfold`.
 *
 * **Shapes** x: [N, C, H, W] or [C, H, W]; result: [N, C·KH·KW, L], where L is the number of windows. Options:
 * `dilation` (1), `padding` (0), `stride` (1).
 * @throws ShapeError if no window fits; UsageError for a bad option.
 * @example new Unfold([2, 3]).forward(randn([2, 5, 3, 4])).shape; // → [2, 30, 4]
 */
export class Unfold extends Module {
  static readonly keepsNoTensors = true;
  readonly kernelSize: Pair;
  readonly dilation: Pair;
  readonly padding: Pair;
  readonly stride: Pair;

  constructor(kernelSize: Pair, options: ColumnOptions = {}) {
    super();
    this.kernelSize = kernelSize;
    this.dilation = options.dilation ?? 1;
    this.padding = options.padding ?? 0;
    this.stride = options.stride ?? 1;
  }

  forward(x: Tensor): Tensor {
    const { kernelSize, dilation, padding, stride } = this;
    return im2col(x, kernelSize, { dilation, padding, stride });
  }

  override extraRepr(): string {
    const { kernelSize, dilation, padding, stride } = this;
    return `kernel_size=${showSize(kernelSize)}, dilation=${showSize(dilation)}, padding=${showSize(padding)}, stride=${showSize(stride)}`;
  }
}
