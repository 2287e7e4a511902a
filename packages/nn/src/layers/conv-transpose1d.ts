import { convTranspose1d, type Pair, type Tensor, type TransposedConvolutionOptions } from "@kindling/tensor";
import { TransposedConvolution, type TransposedConvolutionLayerOptions } from "./transposed-convolution.js";

/**
 * Transposed convolution over one dimension; see `convTranspose1d`. Weight and bias begin uniform on ±1/√fan, where the
 * fan is the number of weights of one input channel's outputs.
 *
 * **Shapes** x: [N, inChannels, L] or [inChannels, L]; result: [N, outChannels, L'] with
 * `L' = (L − 1)·stride − 2·padding + dilation·(K − 1) + outputPadding + 1`; `forward(x, outputSize)` takes the sizes
 * wanted in place of `outputPadding`. Parameters: `weight` [inChannels, outChannels/groups, K], `bias` [outChannels].
 * Options: `stride` (1), `padding` (0), `outputPadding` (0), `dilation` (1), `groups` (1), `bias` (true).
 * @throws UsageError for a bad option; ShapeError if the input does not fit.
 * @example new ConvTranspose1d(16, 8, 4, { stride: 2, padding: 1 }).forward(randn([1, 16, 10])).shape; // → [1, 8, 20]
 */
export class ConvTranspose1d extends TransposedConvolution {
  static readonly keepsNoTensors = true;

  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Pair,
    options: TransposedConvolutionLayerOptions = {},
  ) {
    super(1, inChannels, outChannels, kernelSize, options);
  }

  protected convolve(x: Tensor, options: TransposedConvolutionOptions): Tensor {
    return convTranspose1d(x, this.weight, this.bias, options);
  }
}
