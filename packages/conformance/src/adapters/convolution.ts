import * as t from "@kindling/tensor";
import type { Arguments } from "../arguments.js";
import { boolean, either, listOf, number, numbers, oneOrMore, orNull, tensor, word, wordOrSize } from "../parsers.js";
import type { Adapter, Adapters } from "./adapter.js";

function operands(a: Arguments): [t.Tensor, t.Tensor, t.Tensor | null | undefined] {
  return [a.get("input", tensor), a.get("weight", tensor), a.maybe("bias", orNull(tensor))];
}

const convolution =
  (operation: typeof t.conv2d): Adapter =>
  (a) =>
    operation(
      ...operands(a),
      a.options({ stride: oneOrMore, padding: wordOrSize, dilation: oneOrMore, groups: number }),
    );

const transposed =
  (operation: typeof t.convTranspose2d): Adapter =>
  (a) =>
    operation(
      ...operands(a),
      a.options({
        stride: oneOrMore,
        padding: oneOrMore,
        outputPadding: oneOrMore,
        groups: number,
        dilation: oneOrMore,
      }),
    );

const maxPool =
  (operation: typeof t.maxPool2d): Adapter =>
  (a) => {
    const input = a.get("input", tensor);
    const kernelSize = a.get("kernel_size", oneOrMore);
    const options = a.options({
      stride: orNull(oneOrMore),
      padding: oneOrMore,
      dilation: oneOrMore,
      ceilMode: boolean,
    });
    if (!a.maybe("return_indices", boolean)) return operation(input, kernelSize, options);
    const { values, indices } = operation(input, kernelSize, { ...options, returnIndices: true });
    return [values, indices];
  };

export const adaptiveSize = either(orNull(number), listOf(orNull(number)));
const adaptiveMaxPool =
  (operation: typeof t.adaptiveMaxPool2d): Adapter =>
  (a) => {
    const [input, size] = [a.get("input", tensor), a.get("output_size", adaptiveSize)];
    if (!a.maybe("return_indices", boolean)) return operation(input, size);
    const { values, indices } = operation(input, size, { returnIndices: true });
    return [values, indices];
  };

const lpPool =
  (operation: typeof t.lpPool2d): Adapter =>
  (a) =>
    operation(
      a.get("input", tensor),
      a.get("norm_type", number),
      a.get("kernel_size", oneOrMore),
      a.options({ stride: orNull(oneOrMore), ceilMode: boolean }),
    );

const maxUnpool =
  (operation: typeof t.maxUnpool2d): Adapter =>
  (a) =>
    operation(
      a.get("input", tensor),
      a.get("indices", tensor),
      a.get("kernel_size", oneOrMore),
      a.options({ stride: orNull(oneOrMore), padding: oneOrMore, outputSize: orNull(numbers) }),
    );

const averages = { stride: orNull(oneOrMore), padding: oneOrMore, ceilMode: boolean, countIncludePad: boolean };

const columns = { dilation: oneOrMore, padding: oneOrMore, stride: oneOrMore };

export const convolutions: Adapters = {
  conv1d: convolution(t.conv1d),
  conv2d: convolution(t.conv2d),
  conv3d: convolution(t.conv3d),
  conv_transpose3d: transposed(t.convTranspose3d),
  max_pool3d: maxPool(t.maxPool3d),
  conv_transpose1d: transposed(t.convTranspose1d),
  conv_transpose2d: transposed(t.convTranspose2d),
  max_pool1d: maxPool(t.maxPool1d),
  max_pool2d: maxPool(t.maxPool2d),
  avg_pool1d: (a) => t.avgPool1d(a.get("input", tensor), a.get("kernel_size", oneOrMore), a.options(averages)),
  avg_pool2d: (a) =>
    t.avgPool2d(
      a.get("input", tensor),
      a.get("kernel_size", oneOrMore),
      a.options({ ...averages, divisorOverride: orNull(number) }),
    ),
  adaptive_avg_pool1d: (a) => t.adaptiveAvgPool1d(a.get("input", tensor), a.get("output_size", oneOrMore)),
  adaptive_avg_pool2d: (a) => t.adaptiveAvgPool2d(a.get("input", tensor), a.get("output_size", adaptiveSize)),
  avg_pool3d: (a) =>
    t.avgPool3d(
      a.get("input", tensor),
      a.get("kernel_size", oneOrMore),
      a.options({ ...averages, divisorOverride: orNull(number) }),
    ),
  adaptive_avg_pool3d: (a) => t.adaptiveAvgPool3d(a.get("input", tensor), a.get("output_size", adaptiveSize)),
  adaptive_max_pool3d: adaptiveMaxPool(t.adaptiveMaxPool3d),
  lp_pool3d: lpPool(t.lpPool3d),
  max_unpool3d: maxUnpool(t.maxUnpool3d),
  adaptive_max_pool1d: adaptiveMaxPool(t.adaptiveMaxPool1d as typeof t.adaptiveMaxPool2d),
  adaptive_max_pool2d: adaptiveMaxPool(t.adaptiveMaxPool2d),
  lp_pool1d: lpPool(t.lpPool1d),
  lp_pool2d: lpPool(t.lpPool2d),
  max_unpool1d: maxUnpool(t.maxUnpool1d),
  max_unpool2d: maxUnpool(t.maxUnpool2d),
  unfold: (a) => t.im2col(a.get("input", tensor), a.get("kernel_size", oneOrMore), a.options(columns)),
  fold: (a) =>
    t.col2im(
      a.get("input", tensor),
      a.get("output_size", oneOrMore),
      a.get("kernel_size", oneOrMore),
      a.options(columns),
    ),
  interpolate: (a) =>
    t.interpolate(
      a.get("input", tensor),
      a.options({
        size: orNull(oneOrMore),
        scaleFactor: orNull(oneOrMore),
        mode: word,
        alignCorners: orNull(boolean),
        recomputeScaleFactor: orNull(boolean),
        antialias: boolean,
      }),
    ),
  grid_sample: (a) =>
    t.gridSample(
      a.get("input", tensor),
      a.get("grid", tensor),
      a.options({ mode: word, paddingMode: word, alignCorners: boolean }),
    ),
  affine_grid: (a) =>
    t.affineGrid(a.get("theta", tensor), a.get("size", numbers), a.options({ alignCorners: boolean })),
  pixel_shuffle: (a) => t.pixelShuffle(a.get("input", tensor), a.get("upscale_factor", number)),
  pixel_unshuffle: (a) => t.pixelUnshuffle(a.get("input", tensor), a.get("downscale_factor", number)),
  channel_shuffle: (a) => t.channelShuffle(a.get("input", tensor), a.get("groups", number)),
};
