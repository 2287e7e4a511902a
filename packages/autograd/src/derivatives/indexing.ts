import { type Tensor, zeros } from "@kindling/tensor";
import type { Derivatives } from "../derivative.js";

function zerosFor(g: Tensor, shape: readonly number[] | undefined): Tensor {
  return zeros(shape ?? [], { dtype: g.dtype });
}

// Indices have no gradient. What a position received flows back to what was put there.
export const indexing = {
  gather: {
    saveInputs: [1],
    backward: (g, { inputs: [, index], shapes: [own], attributes: { dim } }) => [
      zerosFor(g, own).scatterAdd_(dim, index as Tensor, g),
    ],
  },
  scatter: {
    saveInputs: [1],
    backward: (g, { inputs: [, index], needs, attributes: { dim } }) => [
      needs[0] && g.scatter(dim, index as Tensor, 0),
      null,
      needs[2] && g.gather(dim, index as Tensor),
    ],
  },
  scatterAdd: {
    saveInputs: [1],
    backward: (g, { inputs: [, index], needs, attributes: { dim } }) => [
      g,
      null,
      needs[2] && g.gather(dim, index as Tensor),
    ],
  },
  indexSelect: {
    saveInputs: [1],
    backward: (g, { inputs: [, index], shapes: [own], attributes: { dim } }) => [
      zerosFor(g, own).indexAdd_(dim, index as Tensor, g),
    ],
  },
  indexAdd: {
    saveInputs: [1],
    backward: (g, { inputs: [, index], needs, attributes: { dim, alpha } }) => [
      g,
      null,
      needs[2] && g.indexSelect(dim, index as Tensor).mul(alpha),
    ],
  },
} satisfies Derivatives<"gather" | "scatter" | "scatterAdd" | "indexSelect" | "indexAdd">;
