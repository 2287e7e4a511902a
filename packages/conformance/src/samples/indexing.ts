import * as t from "@kindling/tensor";
import type { Sample, Samples } from "./sample.js";

type Call2 = (x: t.Tensor, source: t.Tensor) => t.Tensor;

/** Positions with repeats, along dimension 1 of a tensor [2, 4]. */
const rows = t.tensor([
  [3, 0, 3],
  [1, 1, 2],
]);
const distinct = t.tensor([
  [3, 0, 1],
  [1, 0, 2],
]);
const list = t.tensor([2, 0, 2]);

const outOfRange = (call: (x: t.Tensor, position: t.Tensor) => unknown, name: string): Sample["error"] => [
  () => call(t.ones([2, 4]), t.tensor([[4]])),
  new RegExp(`^${name}: index 4 is out of`),
];
const withSource = (call: Call2, error: Sample["error"]): Sample => ({
  call: call as Sample["call"],
  shapes: [
    [2, 4],
    [2, 3],
  ],
  empty: null,
  error,
});

type Names = "gather" | "scatter" | "scatterAdd" | "indexSelect" | "indexAdd";

export const indexingSamples = {
  gather: {
    call: (x) => (x as t.Tensor).gather(1, rows),
    shapes: [[2, 4]],
    empty: null,
    error: outOfRange((x, position) => x.gather(1, position), "gather"),
  },
  scatter: withSource(
    (x, source) => x.scatter(1, distinct, source),
    outOfRange((x, position) => x.scatter(1, position, t.ones([1, 1])), "scatter"),
  ),
  scatterAdd: withSource(
    (x, source) => x.scatterAdd(1, rows, source),
    outOfRange((x, position) => x.scatterAdd(1, position, t.ones([1, 1])), "scatterAdd"),
  ),
  indexSelect: {
    call: (x) => (x as t.Tensor).indexSelect(1, list),
    shapes: [[2, 4]],
    empty: [[0, 4]],
    error: outOfRange((x, position) => x.indexSelect(1, position.flatten()), "indexSelect"),
  },
  indexAdd: {
    ...withSource(
      (x, source) => x.indexAdd(1, list, source, { alpha: 0.5 }),
      outOfRange((x, position) => x.indexAdd(1, position.flatten(), t.ones([2, 1])), "indexAdd"),
    ),
    empty: [
      [0, 4],
      [0, 3],
    ],
  },
} satisfies Samples<Names>;
