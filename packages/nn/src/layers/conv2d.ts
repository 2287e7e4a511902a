import { conv2d, empty, type Pair, pairOf, type Tensor, UsageError } from "@kindling/tensor";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";
import { showSize } from "../repr.js";
import { resetAffine } from "./linear.js";

const paddingModes = ["zeros", "reflect", "replicate", "circular"] as const;

export interface Conv2dOptions {
  /** Step of the window. Default 1. */
  stride?: Pair;
  /** Elements added on every side; "same" keeps the size (stride 1 only), "valid" adds none. Default 0. */
  padding?: Pair | "same" | "valid";
  /** Distance between the window's elements. Default 1. */
  dilation?: Pair;
  /** How many groups of channels are convolved apart. Default 1. */
  groups?: number;
  /** Whether something is added. Default true. */
  bias?: boolean;
  /** What is added around the input: zeros, its mirror image, its edge, or its other side. Default "zeros". */
  paddingMode?: (typeof paddingModes)[number];
}

/**
 * Convolution over two dimensions; see `conv2d` for the formula. Weight and bias begin uniform on ±1/√fan, where the
 * fan is the number of inputs of one output.
 *
 * **Shapes** x: [N, inChannels, H, W] or [inChannels, H, W]; result: [N, outChannels, H', W'] with
 * `H' = ⌊(H + 2·padding − dilation·(KH − 1) − 1) / stride⌋ + 1`. Parameters: `weight` [outChannels,
 * inChannels/groups, KH, KW], `bias` [outChannels]. Options: `stride` (1), `padding` (0), `dilation` (1), `groups` (1),
 * `bias` (true), `paddingMode` ("zeros").
 * @throws UsageError for a bad option; ShapeError if the input does not fit.
 * @example new Conv2d(3, 32, 5, { padding: 2 }).forward(randn([1, 3, 32, 32])).shape; // [1, 32, 32, 32]
 */
export class Conv2d extends Module {
  static readonly keepsNoTensors = true;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number] | "same" | "valid";
  readonly dilation: readonly [number, number];
  readonly groups: number;
  readonly paddingMode: (typeof paddingModes)[number];
  weight: Parameter;
  bias: Parameter | null;

  constructor(inChannels: number, outChannels: number, kernelSize: Pair, options: Conv2dOptions = {}) {
    super();
    const { stride = 1, padding = 0, dilation = 1, groups = 1, bias = true, paddingMode = "zeros" } = options;
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = pairOf("Conv2d", "kernelSize", kernelSize, 1);
    this.stride = pairOf("Conv2d", "stride", stride, 1);
    this.padding = padding === "same" || padding === "valid" ? padding : pairOf("Conv2d", "padding", padding, 0);
    this.dilation = pairOf("Conv2d", "dilation", dilation, 1);
    this.groups = groups;
    this.paddingMode = paddingMode;
    if (padding === "same" && this.stride.some((step) => step !== 1)) {
      throw new UsageError(`Conv2d: padding "same" needs stride 1, got ${this.stride.join(", ")}`);
    }
    if (!Number.isInteger(groups) || groups < 1 || inChannels % groups !== 0 || outChannels % groups !== 0) {
      throw new UsageError(
        `Conv2d: groups must divide both channels, got ${groups} for ${inChannels} and ${outChannels}`,
      );
    }
    if (!paddingModes.includes(paddingMode)) {
      throw new UsageError(`Conv2d: paddingMode must be one of ${paddingModes.join(", ")}, got ${paddingMode}`);
    }
    this.weight = new Parameter(empty([outChannels, inChannels / groups, ...this.kernelSize]));
    this.bias = bias ? new Parameter(empty([outChannels])) : null;
    this.resetParameters();
  }

  /** Draws weight and bias anew. */
  resetParameters(): void {
    resetAffine(this.weight, this.bias);
  }

  /** Elements added left, right, top and bottom. */
  #border(): readonly number[] {
    const sides = ([1, 0] as const).map((i): readonly [number, number] => {
      if (this.padding === "valid") return [0, 0];
      if (this.padding !== "same") return [this.padding[i], this.padding[i]];
      const total = this.dilation[i] * (this.kernelSize[i] - 1);
      return [Math.floor(total / 2), Math.ceil(total / 2)];
    });
    return sides.flat();
  }

  forward(x: Tensor): Tensor {
    const { weight, bias, stride, padding, dilation, groups, paddingMode } = this;
    if (paddingMode === "zeros") return conv2d(x, weight, bias, { stride, padding, dilation, groups });
    return conv2d(x.pad(this.#border(), { mode: paddingMode }), weight, bias, { stride, dilation, groups });
  }

  override extraRepr(): string {
    const { inChannels, outChannels, kernelSize, stride, padding, dilation, groups, bias, paddingMode } = this;
    const parts = [`${inChannels}, ${outChannels}, kernel_size=${showSize(kernelSize)}, stride=${showSize(stride)}`];
    if (typeof padding === "string") parts.push(`padding=${padding}`);
    else if (padding.some((size) => size !== 0)) parts.push(`padding=${showSize(padding)}`);
    if (dilation.some((size) => size !== 1)) parts.push(`dilation=${showSize(dilation)}`);
    if (groups !== 1) parts.push(`groups=${groups}`);
    if (bias === null) parts.push("bias=False");
    if (paddingMode !== "zeros") parts.push(`padding_mode=${paddingMode}`);
    return parts.join(", ");
  }
}
