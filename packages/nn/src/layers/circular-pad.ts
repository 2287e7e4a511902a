import type { Pair } from "@kindling/tensor";
import { Padding } from "./padding.js";

/**
 * Adds the other side of the input around the last dimension, so that it wraps around. `padding`: one amount for every side, or [left, right].
 *
 * **Shapes** x: [N, C, L] or [C, L]; result: [N, C, L'] with `L' = L + left + right`.
 * @throws UsageError for other numbers of amounts; ShapeError if the input has other dimensions or is smaller than an amount.
 * @example new CircularPad1d(1).forward(randn([1, 2, 4])).shape; // → [1, 2, 6]
 */
export class CircularPad1d extends Padding {
  static readonly keepsNoTensors = true;

  constructor(padding: Pair) {
    super(1, padding, { mode: "circular" });
  }
}

/**
 * Adds the other side of the input around the last two dimensions, so that it wraps around. `padding`: one amount for every side, or [left, right, top, bottom].
 *
 * **Shapes** x: [N, C, H, W] or [C, H, W]; result: [N, C, H', W'] with `H' = H + top + bottom`.
 * @throws UsageError for other numbers of amounts; ShapeError if the input has other dimensions or is smaller than an amount.
 * @example new CircularPad2d(1).forward(randn([1, 2, 4, 4])).shape; // → [1, 2, 6, 6]
 */
export class CircularPad2d extends Padding {
  static readonly keepsNoTensors = true;

  constructor(padding: Pair) {
    super(2, padding, { mode: "circular" });
  }
}

/**
 * Adds the other side of the input around the last three dimensions, so that it wraps around. `padding`: one amount for every side, or [left, right, top, bottom, front, back].
 *
 * **Shapes** x: [N, C, D, H, W] or [C, D, H, W]; result: [N, C, D', H', W'] with `D' = D + front + back`.
 * @throws UsageError for other numbers of amounts; ShapeError if the input has other dimensions or is smaller than an amount.
 * @example new CircularPad3d(1).forward(randn([1, 2, 4, 4, 4])).shape; // → [1, 2, 6, 6, 6]
 */
export class CircularPad3d extends Padding {
  static readonly keepsNoTensors = true;

  constructor(padding: Pair) {
    super(3, padding, { mode: "circular" });
  }
}
