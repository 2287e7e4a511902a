import { type ColumnOptions, col2im, type Pair, type Tensor } from "@kindling/tensor";
import { Module } from "../module.js";
import { showSize } from "../repr.js";

/**
 * Adds columns up to images, each element where its window had it; the transpose of `Unfold`. See `functional.fold`.
 *
 * **Shapes** x: [N, C·KH·KW, L] or [C·KH·KW, L]; result: [N, C, ...outputSize]. Options: `dilation` (1), `padding` (0),
 * `stride` (1).
 * @throws ShapeError if the columns are not those of such images; UsageError for a bad option.
 * @example new Fold([4, 5], 2).forward(randn([1, 12, 12])).shape; // → [1, 3, 4, 5]
 */
export class Fold extends Module {
  static readonly keepsNoTensors = true;
  readonly outputSize: Pair;
  readonly kernelSize: Pair;
  readonly dilation: Pair;
  readonly padding: Pair;
  readonly stride: Pair;

  constructor(outputSize: Pair, kernelSize: Pair, options: ColumnOptions = {}) {
    super();
    this.outputSize = outputSize;
    this.kernelSize = kernelSize;
    this.dilation = options.dilation ?? 1;
    this.padding = options.padding ?? 0;
    this.stride = options.stride ?? 1;
  }

  forward(x: Tensor): Tensor {
    const { outputSize, kernelSize, dilation, padding, stride } = this;
    return col2im(x, outputSize, kernelSize, { dilation, padding, stride });
  }

  override extraRepr(): string {
    const { outputSize, kernelSize, dilation, padding, stride } = this;
    return `output_size=${showSize(outputSize)}, kernel_size=${showSize(kernelSize)}, dilation=${showSize(dilation)}, padding=${showSize(padding)}, stride=${showSize(stride)}`;
  }
}
