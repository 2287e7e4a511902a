import {
  adaptiveAvgPool2dBackward,
  avgPool2dBackward,
  conv2dBackwardInput,
  conv2dBackwardWeight,
  gridSampleGradient,
  isGradEnabled,
  maxPool2dBackward,
  maxPool2dIndices,
  type OpAttributes,
  resample,
  type Tensor,
  transposeTaps,
  UsageError,
} from "@kindling/tensor";
import type { Derivatives } from "../derivative.js";

type Name =
  | "conv2d"
  | "conv2dBackwardInput"
  | "conv2dBackwardWeight"
  | "maxPool2d"
  | "maxPool2dBackward"
  | "avgPool2d"
  | "avgPool2dBackward"
  | "adaptiveAvgPool2d"
  | "adaptiveAvgPool2dBackward"
  | "resample"
  | "gridSample";

export const convolution: Derivatives<Name> = {
  // y = x ∗ w + b; dx = g transposed-convolved with w; dw, db by one pass over g and x
  conv2d: {
    saveInputs: ([needsX, needsWeight]) => [...(needsWeight ? [0] : []), ...(needsX ? [1] : [])],
    backward: (g, { inputs: [x, weight], attributes, needs, shapes }) => {
      const [inputShape, weightShape] = shapes as [readonly number[], readonly number[]];
      const dx = needs[0] && conv2dBackwardInput(g, weight as Tensor, towardsInput(attributes, inputShape));
      if (!needs[1]) return [dx, null, needs[2] && g.sum([0, 2, 3])];
      const withBias = needs[2] === true;
      const [dw, db] = conv2dBackwardWeight(g, x as Tensor, towardsWeight(attributes, weightShape, withBias));
      return [dx, dw, withBias && db];
    },
  },

  // y = g transposed-convolved with w, linear in both: its own gradients are a convolution and a weight gradient
  conv2dBackwardInput: {
    saveInputs: ([needsG, needsWeight]) => [...(needsWeight ? [0] : []), ...(needsG ? [1] : [])],
    backward: (gg, { inputs: [g, weight], attributes, needs, shapes }) => [
      needs[0] && convolved(gg, weight as Tensor, attributes, shapes[0]),
      needs[1] &&
        conv2dBackwardWeight(g as Tensor, gg, towardsWeight(attributes, shapes[1] as readonly number[], false))[0],
    ],
  },

  // dw = Σ g · x, linear in both; db = Σ g
  conv2dBackwardWeight: {
    saveInputs: ([needsG, needsX]) => [...(needsX ? [0] : []), ...(needsG ? [1] : [])],
    backward: (_, { inputs: [g, x], gradients: [forWeight, forBias], attributes, needs, shapes }) => {
      const fromWeight = forWeight ?? null;
      let dg: Tensor | null = null;
      if (needs[0]) {
        if (fromWeight !== null) dg = convolved(x as Tensor, fromWeight, attributes, shapes[0]);
        if (forBias && attributes.withBias) {
          const perChannel = forBias.reshape([1, -1, 1, 1]);
          dg = dg === null ? perChannel.expand(shapes[0] as readonly number[]) : dg.add(perChannel);
        }
      }
      const inputShape = shapes[1] as readonly number[];
      return [
        dg,
        needs[1] &&
          fromWeight !== null &&
          conv2dBackwardInput(g as Tensor, fromWeight, towardsInput(attributes, inputShape)),
      ];
    },
  },

  // y = the maximum of each window; dx = g where it was
  maxPool2d: {
    saveOutputs: [1],
    backward: (g, { outputs: [, codes], attributes, shapes: [inputShape] }) => [
      maxPool2dBackward(g, codes as Tensor, windowTowardsInput(attributes, inputShape as readonly number[])),
    ],
  },

  // linear in g: its gradient picks what lies where the maxima were
  maxPool2dBackward: {
    saveInputs: [1],
    backward: (gg, { inputs: [, codes], attributes, shapes: [gradientShape] }) => {
      const indices = maxPool2dIndices(codes as Tensor, attributes);
      return [
        gg
          .flatten(2)
          .gather(2, indices.flatten(2))
          .reshape(gradientShape as readonly number[]),
      ];
    },
  },

  // y = the mean of each window; dx = g spread over it
  avgPool2d: {
    backward: (g, { attributes, shapes: [inputShape] }) => [
      avgPool2dBackward(g, { ...attributes, inputShape: inputShape as readonly number[] }),
    ],
  },
  avgPool2dBackward: {
    backward: (gg, { attributes, shapes: [gradientShape] }) => {
      const { kernelSize, stride, padding, countIncludePad, divisorOverride } = attributes;
      const [height, width] = (gradientShape as readonly number[]).slice(2) as [number, number];
      const options = { stride, padding, countIncludePad, divisorOverride: divisorOverride || null };
      // Rounding up gives at least as many windows as there were.
      const pooled = gg.avgPool2d(kernelSize, options);
      if (pooled.shape[2] === height && pooled.shape[3] === width) return [pooled];
      return [gg.avgPool2d(kernelSize, { ...options, ceilMode: true })];
    },
  },

  adaptiveAvgPool2d: {
    backward: (g, { shapes: [inputShape] }) => [
      adaptiveAvgPool2dBackward(g, { inputShape: inputShape as readonly number[] }),
    ],
  },
  adaptiveAvgPool2dBackward: {
    backward: (gg, { shapes: [gradientShape] }) => [
      gg.adaptiveAvgPool2d((gradientShape as readonly number[]).slice(2)),
    ],
  },

  // y = T · x along a dimension; dx = Tᵀ · g
  resample: {
    backward: (g, { attributes: { dim, taps } }) => [resample(g, dim, transposeTaps(taps))],
  },

  // y = Σ w(grid) · x over the elements around each point; dx = w · g there, dgrid = Σ w′(grid) · x · g
  gridSample: {
    saveInputs: ([, needsGrid]) => (needsGrid ? [0, 1] : [1]),
    backward: (g, { inputs: [x, grid], attributes, needs, shapes }) => {
      if (isGradEnabled()) {
        throw new UsageError("gridSample: has no second derivative; leave out createGraph, or detach() its result");
      }
      const wanted = { input: needs[0] === true, grid: needs[1] === true };
      const inputShape = shapes[0] as readonly number[];
      const gradients = gridSampleGradient(g, x ?? null, grid as Tensor, attributes, inputShape, wanted);
      return [gradients.input, gradients.grid];
    },
  },
};

type Geometry = OpAttributes["conv2d"];

/** The convolution that these attributes belong to, of as many windows as `shape` has: more may fit into a padded output. */
function convolved(
  x: Tensor,
  weight: Tensor,
  { stride, padding, dilation, groups }: Geometry,
  shape: readonly number[] | undefined,
): Tensor {
  const [height, width] = (shape ?? []).slice(2) as [number, number];
  const result = x.conv2d(weight, null, { stride, padding, dilation, groups });
  return result.narrow(2, 0, height).narrow(3, 0, width);
}

// Attributes of the gradients, field by field: objects that are spread live long enough to grow the heap of a long loop.
const towardsInput = ({ stride, padding, dilation, groups }: Geometry, inputShape: readonly number[]) => ({
  stride,
  padding,
  dilation,
  groups,
  inputShape,
});

const towardsWeight = (
  { stride, padding, dilation, groups }: Geometry,
  weightShape: readonly number[],
  withBias: boolean,
) => ({ stride, padding, dilation, groups, weightShape, withBias });

const windowTowardsInput = (
  { kernelSize, stride, padding, dilation }: OpAttributes["maxPool2d"],
  inputShape: readonly number[],
) => ({ kernelSize, stride, padding, dilation, inputShape });
