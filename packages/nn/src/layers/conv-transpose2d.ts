import { convTranspose2d, type Pair, type Tensor, type TransposedConvolutionOptions } from "@kindling/tensor";
import { TransposedConvolution, type TransposedConvolutionLayerOptions } from "./transposed-convolution.js";

/**
 * Transposed convolution over two dimensions; see `convTranspose2d`. Weight and bias begin uniform on ±1/√fan, where the
 * fan is the number of weights of one input channel's outputs.
 *
 * **Shapes** x: [N, inChannels, H, W] or [inChannels, H, W]; result: [N, outChannels, H', W'] with
 * `H' = (H − 1)·stride − 2·padding + dilation·(KH − 1) + outputPadding + 1`; `forward(x, outputSize)` takes the sizes
 * wanted in place of `outputPadding`. Parameters: `weight` [inChannels, outChannels/groups, KH, KW], `bias` [outChannels].
 * Options: `stride` (1), `padding` (0), `outputPadding` (0), `dilation` (1), `groups` (1), `bias` (true).
 * @throws UsageError for a bad option; ShapeError if the input does not fit.
 * @example new ConvTranspose2d(16, 8, 4, { stride: 2, padding: 1 }).forward(randn([1, 16, 8, 8])).shape; // → [1, 8, 16, 16]
 */
export class ConvTranspose2d extends TransposedConvolution {
  static readonly keepsNoTensors = true;

  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Pair,
    options: TransposedConvolutionLayerOptions = {},
  ) {
    super(2, inChannels, outChannels, kernelSize, options);
  }

  protected convolve(x: Tensor, options: TransposedConvolutionOptions): Tensor {
    return convTranspose2d(x, this.weight, this.bias, options);
  }
}
