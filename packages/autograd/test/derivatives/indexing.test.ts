import {
  embedding,
  gather,
  indexAdd,
  indexCopy,
  indexFill,
  indexSelect,
  maskedFill,
  maskedScatter,
  maskedSelect,
  scatter,
  scatterAdd,
  scatterReduce,
  slice,
  type Tensor,
  take,
  tensor,
} from "@kindling/tensor";
import { expect, test } from "vitest";
import { grad } from "../../src/index.js";
import { checkTwice, seeded, variable } from "./check.js";

const rows = tensor([2, 0, 2]);
const pairs = tensor([
  [0, 1],
  [1, 1],
]);
const mask = tensor([true, false, true]);

const cases: Record<string, [(...inputs: Tensor[]) => Tensor, () => Tensor[]]> = {
  "gather with repeats": [(x) => gather(x, 0, pairs), () => [variable([3, 2])]],
  "scatter of a larger source": [
    (x, y) => scatter(x, 0, tensor([[1, 0]]), y),
    () => [variable([2, 3]), variable([2, 2])],
  ],
  "scatter of a number": [(x) => scatter(x, 1, pairs, 4), () => [variable([2, 3])]],
  scatterAdd: [(x, y) => scatterAdd(x, 0, pairs, y), () => [variable([3, 2]), variable([2, 2])]],
  indexSelect: [(x) => indexSelect(x, 1, rows), () => [variable([2, 3])]],
  "indexSelect of a scalar": [(x) => indexSelect(x, 0, tensor([0])), () => [variable([])]],
  indexAdd: [(x, y) => indexAdd(x, 0, rows, y, { alpha: 0.5 }), () => [variable([3, 2]), variable([3, 2])]],
  indexCopy: [(x, y) => indexCopy(x, 0, tensor([2, 0]), y), () => [variable([3, 2]), variable([2, 2])]],
  indexFill: [(x, v) => indexFill(x, 0, tensor([1]), v as Tensor), () => [variable([3, 2]), variable([])]],
  take: [(x) => take(x, tensor([0, -1, 0])), () => [variable([2, 3])]],
  maskedFill: [(x, v) => maskedFill(x, mask, v as Tensor), () => [variable([2, 3]), variable([])]],
  maskedSelect: [(x) => maskedSelect(x, mask), () => [variable([2, 3])]],
  maskedScatter: [(x, y) => maskedScatter(x, mask, y), () => [variable([3]), variable([3])]],
  "index with neighbouring tensors": [(x) => x.index(slice(), rows, [1, 0, 1]), () => [variable([2, 3, 2])]],
  "index with separated tensors": [(x) => x.index([1, 0, 1], slice(1, null), rows), () => [variable([2, 3, 3])]],
  "index with a mask": [(x) => x.index(mask, 1), () => [variable([3, 2])]],
  setIndex: [(x, y) => x.clone().setIndex([slice(), [2, 0]], y as Tensor), () => [variable([2, 3]), variable([2])]],
  "setIndex of a strided view": [
    (x, y) => {
      const whole = x.mul(2);
      whole.t().setIndex([[0, 1], slice(1)], y as Tensor);
      return whole;
    },
    () => [variable([3, 2]), variable([2, 1])],
  ],
  "scatterReduce to the largest": [
    (x, y) => scatterReduce(x, 0, rows, y as Tensor, "amax"),
    () => [variable([3]), variable([3])],
  ],
  embedding: [(w) => embedding(pairs, w), () => [variable([3, 2])]],
};

for (const [name, [fn, inputs]] of Object.entries(cases)) {
  test(
    `first and second derivatives of ${name} agree with differences`,
    seeded(() => {
      checkTwice(fn, inputs());
    }),
  );
}

test("in-place forms are differentiated like the others", () => {
  const x = tensor([1, 2, 3], { dtype: "float32", requiresGrad: true });
  const y = tensor([10, 20], { dtype: "float32", requiresGrad: true });
  const out = x
    .mul(1)
    .scatter_(0, tensor([0, 0]), y)
    .scatterAdd_(0, tensor([2, 2]), y)
    .indexAdd_(0, tensor([1]), x.narrow(0, 0, 1));
  expect(out.toArray()).toEqual([20, 3, 33]);
  const weights = tensor([1, 10, 100], { dtype: "float32" });
  const [gx, gy] = grad(out.mul(weights).sum(), [x, y]) as [Tensor, Tensor];
  expect(gx.toArray()).toEqual([10, 10, 100]);
  expect(gy.toArray()).toEqual([101, 101]);
});

test("ties of scatterReduce share the gradient", () => {
  const x = tensor([3, 0], { dtype: "float32", requiresGrad: true });
  const y = tensor([3, 1, 3], { dtype: "float32", requiresGrad: true });
  const [gx, gy] = grad(scatterReduce(x, 0, tensor([0, 1, 0]), y, "amax").sum(), [x, y]) as [Tensor, Tensor];
  expect(gx.toArray()).toEqual([Math.fround(1 / 3), 0]);
  expect(gy.toArray()).toEqual([Math.fround(1 / 3), 1, Math.fround(1 / 3)]);
});

test("an embedding's padding row gets no gradient, and frequent rows can share theirs", () => {
  const weight = tensor([[1], [2], [3]], { dtype: "float32", requiresGrad: true });
  const gradient = (options: object): unknown =>
    grad(embedding(tensor([0, 1, 1, 2]), weight, options).sum(), [weight])[0]?.toArray();
  expect(gradient({})).toEqual([[1], [2], [1]]);
  expect(gradient({ paddingIdx: -1 })).toEqual([[1], [2], [0]]);
  expect(gradient({ scaleGradByFreq: true })).toEqual([[1], [1], [1]]);
});
