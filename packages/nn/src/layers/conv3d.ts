import { type ConvolutionOptions, conv3d, type Pair, type Tensor } from "@kindling/tensor";
import { Convolution, type ConvolutionLayerOptions } from "./convolution.js";

/**
 * Convolution over three dimensions; see `conv3d` for the formula. Weight and bias begin uniform on ±1/√fan, where the
 * fan is the number of inputs of one output.
 *
 * **Shapes** x: [N, inChannels, D, H, W] or [inChannels, D, H, W]; result: [N, outChannels, D', H', W'] with
 * `D' = ⌊(D + 2·padding − dilation·(KD − 1) − 1) / stride⌋ + 1`. Parameters: `weight` [outChannels,
 * inChannels/groups, KD, KH, KW], `bias` [outChannels]. Options: `stride` (1), `padding` (0), `dilation` (1),
 * `groups` (1), `bias` (true), `paddingMode` ("zeros").
 * @throws UsageError for a bad option; ShapeError if the input does not fit.
 * @example new Conv3d(16, 33, 3, { stride: 2 }).forward(randn([1, 16, 9, 20, 20])).shape; // → [1, 33, 4, 9, 9]
 */
export class Conv3d extends Convolution {
  static readonly keepsNoTensors = true;

  constructor(inChannels: number, outChannels: number, kernelSize: Pair, options: ConvolutionLayerOptions = {}) {
    super(3, inChannels, outChannels, kernelSize, options);
  }

  protected convolve(x: Tensor, options: ConvolutionOptions): Tensor {
    return conv3d(x, this.weight, this.bias, options);
  }
}
