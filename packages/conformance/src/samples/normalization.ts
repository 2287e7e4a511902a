import * as t from "@kindling/tensor";
import type { Samples } from "./sample.js";

export const normalizationSamples = {
  batchNorm: {
    call: (x, weight, bias) =>
      t.batchNorm(x as t.Tensor, null, null, weight as t.Tensor, bias as t.Tensor, { training: true }),
    shapes: [[3, 2, 2], [2], [2]],
    empty: [[0, 2, 2], [2], [2]],
    error: [
      () => t.batchNorm(t.ones([1, 2]), null, null, null, null, { training: true }),
      /^batchNorm: expected more than 1 value per channel when training, got input \[1, 2\]/,
    ],
  },
  layerNorm: {
    call: (x, weight, bias) => t.layerNorm(x as t.Tensor, [3, 2], weight as t.Tensor, bias as t.Tensor),
    shapes: [
      [2, 3, 2],
      [3, 2],
      [3, 2],
    ],
    empty: [
      [0, 3, 2],
      [3, 2],
      [3, 2],
    ],
    error: [
      () => t.layerNorm(t.ones([2, 3]), 2),
      /^layerNorm: expected an input whose last sizes are \[2\], got \[2, 3\]/,
    ],
  },
} satisfies Samples<"batchNorm" | "layerNorm">;
