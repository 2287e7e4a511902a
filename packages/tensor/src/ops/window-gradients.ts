import { conv2dPasses } from "@kindling/kernels";
import { allocate, filled } from "../allocate.js";
import { convolutionAlgorithmCode } from "../convolution-algorithm.js";
import { code, kernels, metaBlock, opCodes } from "../launch.js";
import { record, recordAll } from "../recorder.js";
import { withScratch } from "../scratch.js";
import { numberOfElements, type Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { dense } from "./reduce.js";
import type { AveragePool2d, Convolution2d, Window2d } from "./registry.js";
import { writeWindow } from "./window.js";

const passCodes = opCodes(conv2dPasses);
const undilated = [1, 1] as const;

/**
 * One pass of a convolution, into `out` (and `bias`), without recording; the caller has checked everything.
 *
 * @internal
 */
export function runConv2d(
  pass: (typeof conv2dPasses)[number],
  a: Tensor,
  b: Tensor,
  bias: Tensor | null,
  out: Tensor,
  input: Shape,
  weight: Shape,
  output: Shape,
  attributes: Convolution2d,
): void {
  const left = dense(a);
  const right = dense(b);
  const offsets = bias === null ? null : dense(bias);
  const algorithm = convolutionAlgorithmCode();
  const type = code(left.dtype);
  const kernel = [weight[2] as number, weight[3] as number] as const;
  writeWindow(input, kernel, attributes, output, attributes.groups);
  const bytes = kernels.conv2dScratch(passCodes[pass], algorithm, type, metaBlock.address);
  withScratch(bytes, (scratch) => {
    kernels.conv2d(
      passCodes[pass],
      algorithm,
      type,
      metaBlock.address,
      left.address,
      right.address,
      offsets === null ? 0 : offsets.address,
      out.address,
      scratch,
    );
  });
}

/**
 * Gradient of `conv2d` with respect to its input; also the forward pass of the transposed convolution.
 *
 * @internal
 */
export function conv2dBackwardInput(
  gradient: Tensor,
  weight: Tensor,
  attributes: Convolution2d & { readonly inputShape: Shape },
): Tensor {
  const { inputShape } = attributes;
  const isEmpty = numberOfElements(gradient.shape) === 0 || numberOfElements(weight.shape) === 0;
  const out = isEmpty ? filled(inputShape, gradient.dtype, 0) : allocate(inputShape, gradient.dtype);
  if (!isEmpty && numberOfElements(inputShape) > 0) {
    runConv2d("backwardInput", gradient, weight, null, out, inputShape, weight.shape, gradient.shape, attributes);
  }
  return record("conv2dBackwardInput", [gradient, weight], out, attributes);
}

/**
 * Gradients of `conv2d` with respect to its weight and bias (empty without one), in one pass.
 *
 * @internal
 */
export function conv2dBackwardWeight(
  gradient: Tensor,
  x: Tensor,
  attributes: Convolution2d & { readonly weightShape: Shape; readonly withBias: boolean },
): readonly [Tensor, Tensor] {
  const { weightShape, withBias } = attributes;
  const channels = withBias ? (weightShape[0] as number) : 0;
  const isEmpty = numberOfElements(gradient.shape) === 0 || numberOfElements(x.shape) === 0;
  const out = isEmpty ? filled(weightShape, x.dtype, 0) : allocate(weightShape, x.dtype);
  const bias = isEmpty ? filled([channels], x.dtype, 0) : allocate([channels], x.dtype);
  if (!isEmpty) {
    const target = withBias ? bias : null;
    runConv2d("backwardWeight", gradient, x, target, out, x.shape, weightShape, gradient.shape, attributes);
  }
  return recordAll("conv2dBackwardWeight", [gradient, x], [out, bias], attributes);
}

/**
 * Gradient of `maxPool2d` from the codes of where its maxima were.
 *
 * @internal
 */
export function maxPool2dBackward(
  gradient: Tensor,
  codes: Tensor,
  attributes: Window2d & { readonly inputShape: Shape },
): Tensor {
  const { inputShape } = attributes;
  const out = allocate(inputShape, gradient.dtype);
  if (numberOfElements(inputShape) > 0) {
    const g = dense(gradient);
    writeWindow(inputShape, attributes.kernelSize, attributes, gradient.shape);
    kernels.maxPool2dBackward(code(g.dtype), metaBlock.address, g.address, codes.address, out.address);
  }
  return record("maxPool2dBackward", [gradient, codes], out, attributes);
}

/**
 * Positions (int32) in the H × W plane of the maxima that `codes` tell.
 *
 * @internal
 */
export function maxPool2dIndices(codes: Tensor, attributes: Window2d & { readonly inputShape: Shape }): Tensor {
  const indices = allocate(codes.shape, "int32");
  if (numberOfElements(codes.shape) > 0) {
    writeWindow(attributes.inputShape, attributes.kernelSize, attributes, codes.shape);
    kernels.maxPool2dIndices(metaBlock.address, codes.address, indices.address);
  }
  return indices;
}

/**
 * Gradient of `avgPool2d`.
 *
 * @internal
 */
export function avgPool2dBackward(
  gradient: Tensor,
  attributes: AveragePool2d & { readonly inputShape: Shape },
): Tensor {
  const { inputShape } = attributes;
  const out = allocate(inputShape, gradient.dtype);
  if (numberOfElements(inputShape) > 0) {
    const g = dense(gradient);
    const { countIncludePad, divisorOverride } = attributes;
    writeWindow(inputShape, attributes.kernelSize, attributes, g.shape, 1, countIncludePad ? 1 : 0, divisorOverride);
    kernels.avgPool2dBackward(code(g.dtype), metaBlock.address, g.address, out.address);
  }
  return record("avgPool2dBackward", [gradient], out, attributes);
}

/**
 * What the adaptive kernels read of a window: nothing but the sizes on both sides.
 *
 * @internal
 */
export const adaptiveGeometry = { stride: undilated, padding: [0, 0], dilation: undilated } as const;

/**
 * Gradient of `adaptiveAvgPool2d`.
 *
 * @internal
 */
export function adaptiveAvgPool2dBackward(gradient: Tensor, attributes: { readonly inputShape: Shape }): Tensor {
  const { inputShape } = attributes;
  const isEmpty = numberOfElements(gradient.shape) === 0;
  const out = isEmpty ? filled(inputShape, gradient.dtype, 0) : allocate(inputShape, gradient.dtype);
  if (!isEmpty) {
    const g = dense(gradient);
    writeWindow(inputShape, undilated, adaptiveGeometry, g.shape);
    kernels.adaptiveAvgPool2dBackward(code(g.dtype), metaBlock.address, g.address, out.address);
  }
  return record("adaptiveAvgPool2dBackward", [gradient], out, attributes);
}
