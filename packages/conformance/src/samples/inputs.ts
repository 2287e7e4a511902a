import { grad } from "@kindling/autograd";
import { type DType, manualSeed, rand, type Tensor, tensor } from "@kindling/tensor";
import type { Interval, Sample } from "./sample.js";

function intervalOf({ domain = [-2, 2] }: Sample, input: number): Interval {
  return (typeof domain[0] === "number" ? domain : domain[input]) as Interval;
}

/** Random inputs in the sample's domain that want gradients. */
export function inputsOf(sample: Sample, shapes: Sample["shapes"], dtype: DType = "float64"): Tensor[] {
  return shapes.map((shape, i) => {
    const [low, high] = intervalOf(sample, i);
    return rand(shape, { dtype })
      .mul(high - low)
      .add(low)
      .detach()
      .requiresGrad_();
  });
}

/** A direction for each element of a result, all different. */
export function directionOf(result: Tensor): Tensor {
  const weights = Float64Array.from({ length: result.numel() }, (_, i) => Math.cos(i + 1));
  return tensor(weights, { dtype: result.dtype }).reshape(result.shape);
}

/** The gradients of a result along that direction. */
export const gradientsOf = (result: Tensor, inputs: readonly Tensor[]): (Tensor | null)[] =>
  grad(result, inputs, { gradOutputs: [directionOf(result)], allowUnused: true });

export const flat = (x: Tensor | null | undefined): number[] => Array.from(x?.toTypedArray() ?? []);

/** A sample's result on its own inputs and the gradients of these, the same inputs each time and on every backend. */
export function answersOf(sample: Sample, dtype: DType): number[][] {
  manualSeed(7);
  const inputs = inputsOf(sample, sample.shapes, dtype);
  const result = sample.call(...inputs);
  const gradients = (sample.derivatives ?? 2) === 0 ? [] : gradientsOf(result, inputs);
  return [result, ...gradients].map(flat);
}
