import { type ConvolutionOptions, empty, type Pair, perDimension, type Tensor, UsageError } from "@kindling/tensor";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";
import { showSize } from "../repr.js";
import { resetAffine } from "./linear.js";

const paddingModes = ["zeros", "reflect", "replicate", "circular"] as const;
type PaddingMode = (typeof paddingModes)[number];

/** Options of `Conv1d`, `Conv2d` and `Conv3d`. */
export interface ConvolutionLayerOptions extends ConvolutionOptions {
  /** Whether something is added. Default true. */
  bias?: boolean;
  /** What is added around the input: zeros, its mirror image, its edge, or its other side. Default "zeros". */
  paddingMode?: PaddingMode;
}

/** What a convolution is built from; `outputPadding` is that of a transposed one, null for the others. */
interface Construction {
  readonly dimensions: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: Pair;
  readonly outputPadding: Pair | null;
}

/** Fields and options that convolutions and transposed convolutions over any number of dimensions share. */
export abstract class ConvolutionLayer extends Module {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[] | "same" | "valid";
  readonly dilation: readonly number[];
  readonly outputPadding: readonly number[];
  readonly groups: number;
  readonly paddingMode: PaddingMode;
  weight: Parameter;
  bias: Parameter | null;

  constructor(construction: Construction, options: ConvolutionLayerOptions) {
    super();
    const op = new.target.name;
    const { dimensions, inChannels, outChannels, outputPadding } = construction;
    const { padding = 0, groups = 1, bias = true, paddingMode = "zeros" } = options;
    const sizes = (what: string, value: Pair, least: number): readonly number[] =>
      perDimension(op, what, value, dimensions, least);
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = sizes("kernelSize", construction.kernelSize, 1);
    this.stride = sizes("stride", options.stride ?? 1, 1);
    const isWord = outputPadding === null && (padding === "same" || padding === "valid");
    this.padding = isWord ? padding : sizes("padding", padding as Pair, 0);
    this.dilation = sizes("dilation", options.dilation ?? 1, 1);
    this.outputPadding = sizes("outputPadding", outputPadding ?? 0, 0);
    this.groups = groups;
    this.paddingMode = paddingMode;
    if (padding === "same" && this.stride.some((step) => step !== 1)) {
      throw new UsageError(`${op}: padding "same" needs stride 1, got ${this.stride.join(", ")}`);
    }
    if (!Number.isInteger(groups) || groups < 1 || inChannels % groups !== 0 || outChannels % groups !== 0) {
      throw new UsageError(
        `${op}: groups must divide both channels, got ${groups} for ${inChannels} and ${outChannels}`,
      );
    }
    if (!paddingModes.includes(paddingMode)) {
      throw new UsageError(`${op}: paddingMode must be one of ${paddingModes.join(", ")}, got ${paddingMode}`);
    }
    const channels = outputPadding === null ? [outChannels, inChannels / groups] : [inChannels, outChannels / groups];
    this.weight = new Parameter(empty([...channels, ...this.kernelSize]));
    this.bias = bias ? new Parameter(empty([outChannels])) : null;
    this.resetParameters();
  }

  /** Draws weight and bias anew. */
  resetParameters(): void {
    resetAffine(this.weight, this.bias);
  }

  override extraRepr(): string {
    const { inChannels, outChannels, kernelSize, stride, padding, dilation, outputPadding, groups, paddingMode } = this;
    const parts = [`${inChannels}, ${outChannels}, kernel_size=${showSize(kernelSize)}, stride=${showSize(stride)}`];
    if (typeof padding === "string") parts.push(`padding=${padding}`);
    else if (padding.some((size) => size !== 0)) parts.push(`padding=${showSize(padding)}`);
    if (dilation.some((size) => size !== 1)) parts.push(`dilation=${showSize(dilation)}`);
    if (outputPadding.some((size) => size !== 0)) parts.push(`output_padding=${showSize(outputPadding)}`);
    if (groups !== 1) parts.push(`groups=${groups}`);
    if (this.bias === null) parts.push("bias=False");
    if (paddingMode !== "zeros") parts.push(`padding_mode=${paddingMode}`);
    return parts.join(", ");
  }
}

/** What the convolutions over one, two and three dimensions share. */
export abstract class Convolution extends ConvolutionLayer {
  constructor(
    dimensions: number,
    inChannels: number,
    outChannels: number,
    kernelSize: Pair,
    options: ConvolutionLayerOptions = {},
  ) {
    super({ dimensions, inChannels, outChannels, kernelSize, outputPadding: null }, options);
  }

  protected abstract convolve(x: Tensor, options: ConvolutionOptions): Tensor;

  /** Elements added before and after each dimension, the last first. */
  private border(): number[] {
    const { padding, dilation, kernelSize } = this;
    const sides = kernelSize.map((size, i): readonly number[] => {
      if (padding === "valid") return [0, 0];
      if (padding !== "same") return [padding[i] as number, padding[i] as number];
      const total = (dilation[i] as number) * (size - 1);
      return [Math.floor(total / 2), Math.ceil(total / 2)];
    });
    return sides.reverse().flat();
  }

  forward(x: Tensor): Tensor {
    const { stride, padding, dilation, groups, paddingMode } = this;
    if (paddingMode === "zeros") return this.convolve(x, { stride, padding, dilation, groups });
    return this.convolve(x.pad(this.border(), { mode: paddingMode }), { stride, dilation, groups });
  }
}
