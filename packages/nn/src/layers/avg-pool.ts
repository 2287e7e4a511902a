import {
  type AvgPoolOptions,
  avgPool1d,
  avgPool2d,
  avgPool3d,
  type Pair,
  perDimension,
  type Tensor,
} from "@kindling/tensor";
import { Module } from "../module.js";
import { showSize } from "../repr.js";

/** What the average pools over one, two and three dimensions share. */
abstract class AvgPool extends Module {
  readonly kernelSize: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly ceilMode: boolean;
  readonly countIncludePad: boolean;

  constructor(kernelSize: Pair, options: AvgPoolOptions = {}) {
    super();
    this.kernelSize = kernelSize;
    this.stride = options.stride ?? kernelSize;
    this.padding = options.padding ?? 0;
    this.ceilMode = options.ceilMode ?? false;
    this.countIncludePad = options.countIncludePad ?? true;
  }

  override extraRepr(): string {
    return `kernel_size=${showSize(this.kernelSize)}, stride=${showSize(this.stride)}, padding=${showSize(this.padding)}`;
  }
}

/** An average pool that can divide by another number than that of its elements. */
abstract class AvgPoolWithDivisor extends AvgPool {
  readonly divisorOverride: number | null;

  constructor(kernelSize: Pair, options: AvgPoolOptions = {}) {
    super(kernelSize, options);
    this.divisorOverride = options.divisorOverride ?? null;
  }

  protected abstract get operation(): typeof avgPool2d;

  forward(x: Tensor): Tensor {
    const { kernelSize, stride, padding, ceilMode, countIncludePad, divisorOverride } = this;
    return this.operation(x, kernelSize, { stride, padding, ceilMode, countIncludePad, divisorOverride });
  }
}

/**
 * Mean of every window over one dimension. See `avgPool1d`.
 *
 * **Shapes** x: [N, C, L] or [C, L]; result: [N, C, L'] with `L' = ⌊(L + 2·padding − K) / stride⌋ + 1` (⌈…⌉ with
 * `ceilMode`). Options: `stride` (the kernel's size), `padding` (0), `ceilMode` (false), `countIncludePad` (true).
 * @throws ShapeError if the input is too small; UsageError for a bad option.
 * @example new AvgPool1d(2).forward(randn([1, 3, 32])).shape; // → [1, 3, 16]
 */
export class AvgPool1d extends AvgPool {
  static readonly keepsNoTensors = true;

  constructor(kernelSize: Pair, options: Omit<AvgPoolOptions, "divisorOverride"> = {}) {
    const size = (what: string, value: Pair, least: number): readonly number[] =>
      perDimension("AvgPool1d", what, value, 1, least);
    super(size("kernelSize", kernelSize, 1), {
      ...options,
      stride: size("stride", options.stride ?? kernelSize, 1),
      padding: size("padding", options.padding ?? 0, 0),
    });
  }

  forward(x: Tensor): Tensor {
    const { kernelSize, stride, padding, ceilMode, countIncludePad } = this;
    return avgPool1d(x, kernelSize, { stride, padding, ceilMode, countIncludePad });
  }
}

/**
 * Mean of every window over two dimensions. See `avgPool2d`.
 *
 * **Shapes** x: [N, C, H, W] or [C, H, W]; result: [N, C, H', W'] with `H' = ⌊(H + 2·padding − KH) / stride⌋ + 1`
 * (⌈…⌉ with `ceilMode`). Options: `stride` (the kernel's size), `padding` (0), `ceilMode` (false), `countIncludePad`
 * (true), `divisorOverride` (none).
 * @throws ShapeError if the input is too small; UsageError for a bad option.
 * @example new AvgPool2d(2).forward(randn([1, 3, 32, 32])).shape; // → [1, 3, 16, 16]
 */
export class AvgPool2d extends AvgPoolWithDivisor {
  static readonly keepsNoTensors = true;

  protected get operation(): typeof avgPool2d {
    return avgPool2d;
  }
}

/**
 * Mean of every window over three dimensions. See `avgPool3d`.
 *
 * **Shapes** x: [N, C, D, H, W] or [C, D, H, W]; result: [N, C, D', H', W'] with
 * `D' = ⌊(D + 2·padding − KD) / stride⌋ + 1` (⌈…⌉ with `ceilMode`). Options: as `AvgPool2d`.
 * @throws ShapeError if the input is too small; UsageError for a bad option.
 * @example new AvgPool3d(2).forward(randn([1, 3, 8, 8, 8])).shape; // → [1, 3, 4, 4, 4]
 */
export class AvgPool3d extends AvgPoolWithDivisor {
  static readonly keepsNoTensors = true;

  protected get operation(): typeof avgPool2d {
    return avgPool3d;
  }
}
