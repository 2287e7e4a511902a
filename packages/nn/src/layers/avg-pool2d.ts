import { type AvgPoolOptions, avgPool2d, type Pair, type Tensor } from "@kindling/tensor";
import { Module } from "../module.js";
import { showSize } from "../repr.js";

/**
 * Mean of every window over two dimensions. See `avgPool2d`.
 *
 * **Shapes** x: [N, C, H, W] or [C, H, W]; result: [N, C, H', W'] with `H' = ⌊(H + 2·padding − KH) / stride⌋ + 1`
 * (⌈…⌉ with `ceilMode`). Options: `stride` (the kernel's size), `padding` (0), `ceilMode` (false), `countIncludePad`
 * (true), `divisorOverride` (none).
 * @throws ShapeError if the input is too small; UsageError for a bad option.
 * @example new AvgPool2d(2).forward(randn([1, 3, 32, 32])).shape; // [1, 3, 16, 16]
 */
export class AvgPool2d extends Module {
  static readonly keepsNoTensors = true;
  readonly kernelSize: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly ceilMode: boolean;
  readonly countIncludePad: boolean;
  readonly divisorOverride: number | null;

  constructor(kernelSize: Pair, options: AvgPoolOptions = {}) {
    super();
    this.kernelSize = kernelSize;
    this.stride = options.stride ?? kernelSize;
    this.padding = options.padding ?? 0;
    this.ceilMode = options.ceilMode ?? false;
    this.countIncludePad = options.countIncludePad ?? true;
    this.divisorOverride = options.divisorOverride ?? null;
  }

  forward(x: Tensor): Tensor {
    const { kernelSize, stride, padding, ceilMode, countIncludePad, divisorOverride } = this;
    return avgPool2d(x, kernelSize, { stride, padding, ceilMode, countIncludePad, divisorOverride });
  }

  override extraRepr(): string {
    return `kernel_size=${showSize(this.kernelSize)}, stride=${showSize(this.stride)}, padding=${showSize(this.padding)}`;
  }
}
