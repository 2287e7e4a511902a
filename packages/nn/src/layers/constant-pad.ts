import type { Pair } from "@kindling/tensor";
import { Padding } from "./padding.js";

/** What the constant paddings over one, two and three dimensions share. */
abstract class ConstantPad extends Padding {
  readonly value: number;

  constructor(dimensions: number, padding: Pair, value: number) {
    super(dimensions, padding, { mode: "constant", value });
    this.value = value;
  }

  override extraRepr(): string {
    return `padding=${super.extraRepr()}, value=${this.value}`;
  }
}

/**
 * Adds a constant around the last dimension; negative amounts cut off. `padding`: one amount for every side, or
 * [left, right].
 *
 * **Shapes** x: [N, C, L] or [C, L]; result: [N, C, L'] with `L' = L + left + right`.
 * @throws UsageError for other numbers of amounts; ShapeError if more is cut off than there is.
 * @example new ConstantPad1d(1, 0.5).forward(randn([1, 2, 4])).shape; // → [1, 2, 6]
 */
export class ConstantPad1d extends ConstantPad {
  static readonly keepsNoTensors = true;

  constructor(padding: Pair, value: number) {
    super(1, padding, value);
  }
}

/**
 * Adds a constant around the last two dimensions; negative amounts cut off. `padding`: one amount for every side, or
 * [left, right, top, bottom].
 *
 * **Shapes** x: [N, C, H, W] or [C, H, W]; result: [N, C, H', W'] with `H' = H + top + bottom`.
 * @throws UsageError for other numbers of amounts; ShapeError if more is cut off than there is.
 * @example new ConstantPad2d(1, 0.5).forward(randn([1, 2, 4, 4])).shape; // → [1, 2, 6, 6]
 */
export class ConstantPad2d extends ConstantPad {
  static readonly keepsNoTensors = true;

  constructor(padding: Pair, value: number) {
    super(2, padding, value);
  }
}

/**
 * Adds a constant around the last three dimensions; negative amounts cut off. `padding`: one amount for every side, or
 * [left, right, top, bottom, front, back].
 *
 * **Shapes** x: [N, C, D, H, W] or [C, D, H, W]; result: [N, C, D', H', W'] with `D' = D + front + back`.
 * @throws UsageError for other numbers of amounts; ShapeError if more is cut off than there is.
 * @example new ConstantPad3d(1, 0.5).forward(randn([1, 2, 4, 4, 4])).shape; // → [1, 2, 6, 6, 6]
 */
export class ConstantPad3d extends ConstantPad {
  static readonly keepsNoTensors = true;

  constructor(padding: Pair, value: number) {
    super(3, padding, value);
  }
}
