import { type ConvolutionOptions, conv1d, type Pair, type Tensor } from "@kindling/tensor";
import { Convolution, type ConvolutionLayerOptions } from "./convolution.js";

/**
 * Convolution over one dimension; see `conv1d` for the formula. Weight and bias begin uniform on ±1/√fan, where the
 * fan is the number of inputs of one output.
 *
 * **Shapes** x: [N, inChannels, L] or [inChannels, L]; result: [N, outChannels, L'] with
 * `L' = ⌊(L + 2·padding − dilation·(K − 1) − 1) / stride⌋ + 1`. Parameters: `weight` [outChannels,
 * inChannels/groups, K], `bias` [outChannels]. Options: `stride` (1), `padding` (0), `dilation` (1), `groups` (1),
 * `bias` (true), `paddingMode` ("zeros").
 * @throws UsageError for a bad option; ShapeError if the input does not fit.
 * @example new Conv1d(16, 33, 3, { stride: 2 }).forward(randn([20, 16, 50])).shape; // → [20, 33, 24]
 */
export class Conv1d extends Convolution {
  static readonly keepsNoTensors = true;

  constructor(inChannels: number, outChannels: number, kernelSize: Pair, options: ConvolutionLayerOptions = {}) {
    super(1, inChannels, outChannels, kernelSize, options);
  }

  protected convolve(x: Tensor, options: ConvolutionOptions): Tensor {
    return conv1d(x, this.weight, this.bias, options);
  }
}
