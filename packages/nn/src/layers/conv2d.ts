import { conv2d, empty, type Pair, type Tensor, UsageError } from "@kindling/tensor";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";
import { resetAffine } from "./linear.js";

export interface Conv2dOptions {
  /** Step of the window. Default 1. */
  stride?: Pair;
  /** Elements added on every side; "same" keeps the size, "valid" adds none. Default 0. */
  padding?: Pair | "same" | "valid";
  /** Distance between the window's elements. Default 1. */
  dilation?: Pair;
  /** How many groups of channels are convolved apart. Default 1. */
  groups?: number;
  /** Default true. */
  bias?: boolean;
  /** What is added. Default "zeros". */
  paddingMode?: "zeros" | "reflect" | "replicate" | "circular";
}

/** Height and width of an option given as one number or two. */
export function pair(value: Pair): readonly [number, number] {
  return typeof value === "number" ? [value, value] : [value[0] as number, value[1] ?? (value[0] as number)];
}

export function showPair(value: Pair): string {
  return `(${pair(value).join(", ")})`;
}

/**
 * Convolution over two dimensions; see `conv2d` for formula and shapes.
 *
 * @throws UsageError if groups do not divide the channels; ShapeError if the input does not fit.
 * @example new Conv2d(3, 32, 5, { padding: 2 }).forward(randn([1, 3, 32, 32])).shape; // [1, 32, 32, 32]
 */
export class Conv2d extends Module {
  static readonly keepsNoTensors = true;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: readonly [number, number];
  readonly options: Required<Conv2dOptions>;
  weight: Parameter;
  bias: Parameter | null;

  constructor(inChannels: number, outChannels: number, kernelSize: Pair, options: Conv2dOptions = {}) {
    super();
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = pair(kernelSize);
    this.options = { stride: 1, padding: 0, dilation: 1, groups: 1, bias: true, paddingMode: "zeros", ...options };
    const { groups } = this.options;
    if (!(groups >= 1) || inChannels % groups !== 0 || outChannels % groups !== 0) {
      throw new UsageError(
        `Conv2d: groups must divide both channels, got ${groups} for ${inChannels} and ${outChannels}`,
      );
    }
    this.weight = new Parameter(empty([outChannels, inChannels / groups, ...this.kernelSize]));
    this.bias = this.options.bias ? new Parameter(empty([outChannels])) : null;
    resetAffine(this.weight, this.bias);
  }

  /** Elements added left, right, top and bottom. */
  #border(): readonly number[] {
    const { padding, dilation } = this.options;
    if (padding === "valid") return [0, 0, 0, 0];
    if (padding !== "same") {
      const [height, width] = pair(padding);
      return [width, width, height, height];
    }
    const [height, width] = pair(dilation).map((step, i) => step * ((this.kernelSize[i] as number) - 1)) as [
      number,
      number,
    ];
    return [Math.floor(width / 2), Math.ceil(width / 2), Math.floor(height / 2), Math.ceil(height / 2)];
  }

  forward(x: Tensor): Tensor {
    const { stride, padding, dilation, groups, paddingMode } = this.options;
    if (paddingMode === "zeros") return conv2d(x, this.weight, this.bias, { stride, padding, dilation, groups });
    return conv2d(x.pad(this.#border(), { mode: paddingMode }), this.weight, this.bias, { stride, dilation, groups });
  }

  override extraRepr(): string {
    const { stride, padding, dilation, groups, paddingMode } = this.options;
    const parts = [`${this.inChannels}, ${this.outChannels}`, `kernel_size=${showPair(this.kernelSize)}`];
    parts.push(`stride=${showPair(stride)}`);
    if (typeof padding === "string") parts.push(`padding=${padding}`);
    else if (pair(padding).some((size) => size !== 0)) parts.push(`padding=${showPair(padding)}`);
    if (pair(dilation).some((size) => size !== 1)) parts.push(`dilation=${showPair(dilation)}`);
    if (groups !== 1) parts.push(`groups=${groups}`);
    if (this.bias === null) parts.push("bias=False");
    if (paddingMode !== "zeros") parts.push(`padding_mode=${paddingMode}`);
    return parts.join(", ");
  }
}
