import * as t from "@kindling/tensor";
import type { Arguments } from "../arguments.js";
import { boolean, either, listOf, number, oneOrMore, orNull, tensor, wordOrSize } from "../parsers.js";
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

const averages = { stride: orNull(oneOrMore), padding: oneOrMore, ceilMode: boolean, countIncludePad: boolean };
const adaptiveSize = either(orNull(number), listOf(orNull(number)));

export const convolutions: Adapters = {
  conv1d: convolution(t.conv1d),
  conv2d: convolution(t.conv2d),
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
};
