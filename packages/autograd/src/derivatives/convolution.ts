import {
  adaptiveAvgPool2dBackward,
  avgPool2dBackward,
  conv2dBackwardInput,
  conv2dBackwardWeight,
  maxPool2dBackward,
  maxPool2dIndices,
  type OpAttributes,
  type Tensor,
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
  | "adaptiveAvgPool2dBackward";

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
      needs[0] && gg.conv2d(weight as Tensor, null, geometry(attributes)),
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
        if (fromWeight !== null) dg = (x as Tensor).conv2d(fromWeight, null, geometry(attributes));
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
};

interface Geometry {
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly groups: number;
}

/** The options of the convolution that these attributes belong to. */
function geometry({ stride, padding, dilation, groups }: Geometry): Geometry {
  return { stride, padding, dilation, groups };
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
