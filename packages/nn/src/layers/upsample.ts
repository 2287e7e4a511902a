import { type InterpolateOptions, interpolate, type Tensor } from "@kindling/tensor";
import { Module } from "../module.js";
import { showFloat, showSize } from "../repr.js";

/** Options of {@link Upsample}. */
export type UpsampleOptions = Omit<InterpolateOptions, "antialias">;

/**
 * Another number of elements per dimension, filled in between those of x. See `interpolate` for the modes.
 *
 * **Shapes** x: [N, C, L], [N, C, H, W] or [N, C, D, H, W]; result: [N, C, ...] with sizes `size`, or ⌊own · scaleFactor⌋.
 * Options: `size` or `scaleFactor`, `mode` ("nearest"), `alignCorners` (false), `recomputeScaleFactor` (false).
 * @throws ShapeError for other numbers of dimensions; UsageError for options that do not go together.
 * @example new Upsample({ scaleFactor: 2, mode: "bilinear" }).forward(randn([1, 3, 4, 4])).shape; // → [1, 3, 8, 8]
 */
export class Upsample extends Module {
  static readonly keepsNoTensors = true;
  readonly size: NonNullable<InterpolateOptions["size"]> | null;
  readonly scaleFactor: NonNullable<InterpolateOptions["scaleFactor"]> | null;
  readonly mode: NonNullable<InterpolateOptions["mode"]>;
  readonly alignCorners: boolean | null;
  readonly recomputeScaleFactor: boolean | null;

  constructor(options: UpsampleOptions) {
    super();
    this.size = options.size ?? null;
    this.scaleFactor = options.scaleFactor ?? null;
    this.mode = options.mode ?? "nearest";
    this.alignCorners = options.alignCorners ?? null;
    this.recomputeScaleFactor = options.recomputeScaleFactor ?? null;
  }

  forward(x: Tensor): Tensor {
    const { size, scaleFactor, mode, alignCorners, recomputeScaleFactor } = this;
    return interpolate(x, { size, scaleFactor, mode, alignCorners, recomputeScaleFactor });
  }

  override extraRepr(): string {
    const { size, scaleFactor, mode } = this;
    if (scaleFactor === null) return `size=${showSize(size)}, mode=${mode}`;
    const factors =
      typeof scaleFactor === "number" ? showFloat(scaleFactor) : `(${scaleFactor.map(showFloat).join(", ")})`;
    return `scale_factor=${factors}, mode=${mode}`;
  }
}
