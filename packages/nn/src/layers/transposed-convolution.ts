import {
  formatShape,
  type Pair,
  ShapeError,
  type Tensor,
  type TransposedConvolutionOptions,
  UsageError,
} from "@kindling/tensor";
import { ConvolutionLayer } from "./convolution.js";

/** Options of `ConvTranspose1d`, `ConvTranspose2d` and `ConvTranspose3d`. */
export interface TransposedConvolutionLayerOptions extends TransposedConvolutionOptions {
  /** Whether something is added. Default true. */
  bias?: boolean;
  /** Transposed convolutions know "zeros" only. */
  paddingMode?: "zeros";
}

/** What the transposed convolutions over one, two and three dimensions share. */
export abstract class TransposedConvolution extends ConvolutionLayer {
  declare readonly padding: readonly number[];

  constructor(
    dimensions: number,
    inChannels: number,
    outChannels: number,
    kernelSize: Pair,
    options: TransposedConvolutionLayerOptions = {},
  ) {
    const { outputPadding = 0, paddingMode = "zeros", ...rest } = options;
    if (paddingMode !== "zeros") {
      throw new UsageError(`${new.target.name}: paddingMode must be "zeros", got ${paddingMode}`);
    }
    super({ dimensions, inChannels, outChannels, kernelSize, outputPadding }, rest);
  }

  protected abstract convolve(x: Tensor, options: TransposedConvolutionOptions): Tensor;

  /** The output padding that makes the result as large as wanted. */
  private paddingFor(x: Tensor, outputSize: readonly number[]): readonly number[] {
    const { kernelSize, stride, padding, dilation } = this;
    const dimensions = kernelSize.length;
    const own = x.shape.slice(-dimensions);
    const wanted = outputSize.length === x.ndim ? outputSize.slice(-dimensions) : outputSize;
    const least = own.map((size, i) => {
      const reach = (dilation[i] as number) * ((kernelSize[i] as number) - 1);
      return (size - 1) * (stride[i] as number) - 2 * (padding[i] as number) + reach + 1;
    });
    const most = least.map((size, i) => size + (stride[i] as number) - 1);
    const fits = wanted.every((size, i) => size >= (least[i] as number) && size <= (most[i] as number));
    if (wanted.length !== dimensions || !fits) {
      throw new ShapeError(
        `${this.constructor.name}: an input ${formatShape(x.shape)} can give sizes from ${formatShape(least)} to ${formatShape(most)}, not ${formatShape(outputSize)}`,
      );
    }
    return wanted.map((size, i) => size - (least[i] as number));
  }

  /** `outputSize`: which of the sizes that a stride leaves open the result has; default: by `outputPadding`. */
  forward(x: Tensor, outputSize?: readonly number[]): Tensor {
    const { stride, padding, dilation, groups } = this;
    const outputPadding = outputSize === undefined ? this.outputPadding : this.paddingFor(x, outputSize);
    return this.convolve(x, { stride, padding, outputPadding, dilation, groups });
  }
}
