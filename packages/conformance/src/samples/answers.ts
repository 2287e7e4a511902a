import { setConvolutionAlgorithm } from "@kindling/tensor";
import { samples } from "./index.js";
import { answersOf } from "./inputs.js";

/** By operation, for float32 and float64: the elements of the result and of each gradient. */
export type Answers = Readonly<Record<string, { readonly float32: number[][]; readonly float64: number[][] }>>;

/** What every sample gives on the backend in use. */
export function allAnswers(): Answers {
  setConvolutionAlgorithm("direct");
  try {
    return Object.fromEntries(
      Object.entries(samples).map(([name, sample]) => [
        name,
        { float32: answersOf(sample, "float32"), float64: answersOf(sample, "float64") },
      ]),
    );
  } finally {
    setConvolutionAlgorithm("auto");
  }
}
