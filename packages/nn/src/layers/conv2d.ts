import { type ConvolutionOptions, conv2d, type Pair, type Tensor } from "@kindling/tensor";
import { Convolution, type ConvolutionLayerOptions } from "./convolution.js";

/**
 * Convolution over two dimensions; see `conv2d` for the formula. Weight and bias begin uniform on ±1/√fan, where the
 * fan is the number of inputs of one output.
 *
 * **Shapes** x: [N, inChannels, H, W] or [inChannels, H, W]; result: [N, outChannels, H', W'] with
 * `H' = ⌊(H + 2·padding − dilation·(KH − 1) − 1) / stride⌋ + 1`. Parameters: `weight` [outChannels,
 * inChannels/groups, KH, KW], `bias` [outChannels]. Options: `stride` (1), `padding` (0), `dilation` (1), `groups` (1),
 * `bias` (true), `paddingMode` ("zeros").
 * @throws UsageError for a bad option; ShapeError if the input does not fit.
 * @example new Conv2d(3, 32, 5, { padding: 2 }).forward(randn([1, 3, 32, 32])).shape; // → [1, 32, 32, 32]
 */
export class Conv2d extends Convolution {
  static readonly keepsNoTensors = true;

  constructor(inChannels: number, outChannels: number, kernelSize: Pair, options: ConvolutionLayerOptions = {}) {
    super(2, inChannels, outChannels, kernelSize, options);
  }

  protected convolve(x: Tensor, options: ConvolutionOptions): Tensor {
    return conv2d(x, this.weight, this.bias, options);
  }
}
