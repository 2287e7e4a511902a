import * as t from "@kindling/tensor";
import type { Samples } from "./sample.js";

export const recurrentSamples = {
  lstmStep: {
    call: (a, b, c) => {
      const [h, next] = t.lstmStep(a as t.Tensor, b as t.Tensor, c as t.Tensor);
      return t.cat([h, next], 1);
    },
    shapes: [
      [3, 8],
      [3, 8],
      [3, 2],
    ],
    empty: [
      [0, 8],
      [0, 8],
      [0, 2],
    ],
    error: [
      () => t.lstmStep(t.ones([3, 8]), t.ones([3, 6]), t.ones([3, 2])),
      /^lstmStep: expected gates \[N, 4 · H\] for a state \[N, H\], got \[3, 6\] for \[3, 2\]/,
    ],
  },
  gruStep: {
    call: (a, b, h) => t.gruStep(a as t.Tensor, b as t.Tensor, h as t.Tensor),
    shapes: [
      [3, 6],
      [3, 6],
      [3, 2],
    ],
    empty: [
      [0, 6],
      [0, 6],
      [0, 2],
    ],
    error: [
      () => t.gruStep(t.ones([3, 6]), t.ones([3, 6], { dtype: "float64" }), t.ones([3, 2])),
      /^gruStep: expected all tensors of one floating point dtype, got float64 and float32/,
    ],
  },
} satisfies Samples<"lstmStep" | "gruStep">;
