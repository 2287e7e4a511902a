import { type LpPoolOptions, lpPool1d, lpPool2d, lpPool3d, type Pair, type Tensor } from "@kindling/tensor";
import { Module } from "../module.js";
import { showBool, showSize } from "../repr.js";

/** What the Lp pools over one, two and three dimensions share. */
abstract class LPPool extends Module {
  readonly normType: number;
  readonly kernelSize: Pair;
  readonly stride: Pair | null;
  readonly ceilMode: boolean;

  constructor(normType: number, kernelSize: Pair, options: LpPoolOptions = {}) {
    super();
    this.normType = normType;
    this.kernelSize = kernelSize;
    this.stride = options.stride ?? null;
    this.ceilMode = options.ceilMode ?? false;
  }

  protected abstract get operation(): typeof lpPool2d;

  forward(x: Tensor): Tensor {
    const { normType, kernelSize, stride, ceilMode } = this;
    return this.operation(x, normType, kernelSize, { stride, ceilMode });
  }

  override extraRepr(): string {
    return `norm_type=${this.normType}, kernel_size=${showSize(this.kernelSize)}, stride=${showSize(this.stride)}, ceil_mode=${showBool(this.ceilMode)}`;
  }
}

/**
 * The norm `(Σ xᵖ)^(1/p)` of every window over one dimension. See `lpPool1d`.
 *
 * **Shapes** x: [N, C, L] or [C, L]; result: [N, C, L'] with `L' = ⌊(L − K) / stride⌋ + 1` (⌈…⌉ with `ceilMode`).
 * Options: `stride` (the kernel's size), `ceilMode` (false).
 * @throws ShapeError if the input is too small; UsageError for a bad option.
 * @example new LPPool1d(2, 3).forward(randn([1, 3, 32])).shape; // → [1, 3, 10]
 */
export class LPPool1d extends LPPool {
  static readonly keepsNoTensors = true;

  protected get operation(): typeof lpPool2d {
    return lpPool1d;
  }
}

/**
 * The norm `(Σ xᵖ)^(1/p)` of every window over two dimensions. See `lpPool2d`.
 *
 * **Shapes** x: [N, C, H, W] or [C, H, W]; result: [N, C, H', W'] with `H' = ⌊(H − KH) / stride⌋ + 1` (⌈…⌉ with
 * `ceilMode`). Options: `stride` (the kernel's size), `ceilMode` (false).
 * @throws ShapeError if the input is too small; UsageError for a bad option.
 * @example new LPPool2d(2, [3, 2]).forward(randn([1, 3, 32, 32])).shape; // → [1, 3, 10, 16]
 */
export class LPPool2d extends LPPool {
  static readonly keepsNoTensors = true;

  protected get operation(): typeof lpPool2d {
    return lpPool2d;
  }
}

/**
 * The norm `(Σ xᵖ)^(1/p)` of every window over three dimensions. See `lpPool3d`.
 *
 * **Shapes** x: [N, C, D, H, W] or [C, D, H, W]; result: [N, C, D', H', W'] with `D' = ⌊(D − KD) / stride⌋ + 1` (⌈…⌉
 * with `ceilMode`). Options: `stride` (the kernel's size), `ceilMode` (false).
 * @throws ShapeError if the input is too small; UsageError for a bad option.
 * @example new LPPool3d(2, 2).forward(randn([1, 3, 8, 8, 8])).shape; // → [1, 3, 4, 4, 4]
 */
export class LPPool3d extends LPPool {
  static readonly keepsNoTensors = true;

  protected get operation(): typeof lpPool2d {
    return lpPool3d;
  }
}
