import {
  amax,
  binaryCrossEntropy,
  cumprod,
  cumsum,
  linear,
  logcumsumexp,
  logSoftmax,
  matmul,
  nllLoss,
  prod,
  softmax,
  sum,
  type Tensor,
  tensor,
} from "@kindling/tensor";
import { expect, test } from "vitest";
import { grad } from "../../src/index.js";
import { checkTwice, seeded, variable } from "./check.js";

const float64 = (values: number[] | number[][]): Tensor => tensor(values, { dtype: "float64", requiresGrad: true });

const smooth: Record<string, [(...inputs: Tensor[]) => Tensor, () => Tensor[]]> = {
  "sum over the middle": [(x) => sum(x, 1), () => [variable([2, 3, 2])]],
  "sum of everything": [(x) => sum(x).mul(sum(x.square())), () => [variable([2, 3])]],
  "prod without zeros": [(x) => prod(x, [0, 2], { keepdim: true }), () => [variable([2, 3, 2], 0.5, 1.5)]],
  "amax without ties": [(x) => amax(x, 1), () => [variable([3, 4])]],
  cumsum: [(x) => cumsum(x, 1), () => [variable([2, 3, 2])]],
  "cumprod without zeros": [(x) => cumprod(x, 0), () => [variable([4, 2], 0.5, 1.5)]],
  logcumsumexp: [(x) => logcumsumexp(x, 1), () => [variable([2, 4])]],
  softmax: [(x) => softmax(x, 1), () => [variable([2, 3, 2])]],
  logSoftmax: [(x) => logSoftmax(x, -1), () => [variable([2, 4])]],
  "matmul of batches": [(a, b) => matmul(a, b), () => [variable([2, 2, 3]), variable([3, 2])]],
  linear: [(x, w, b) => linear(x, w, b), () => [variable([2, 2, 3]), variable([4, 3]), variable([4])]],
  "linear without bias": [(x, w) => linear(x, w), () => [variable([3]), variable([2, 3])]],
  "nllLoss of log probabilities": [
    (x) =>
      nllLoss(
        logSoftmax(x, 1),
        tensor([
          [1, 0],
          [-100, 2],
        ]),
        { reduction: "none" },
      ),
    () => [variable([2, 3, 2])],
  ],
  binaryCrossEntropy: [
    (x, t) => binaryCrossEntropy(x, t, { reduction: "none" }),
    () => [variable([2, 3], 0.2, 0.8), variable([2, 3], 0, 1)],
  ],
};

for (const [name, [fn, inputs]] of Object.entries(smooth)) {
  test(
    `${name}: first and second derivatives equal central differences`,
    seeded(() => checkTwice(fn, inputs())),
  );
}

for (const zeros of [1, 2, 3]) {
  test(`prod over elements of which ${zeros} are 0 has the right derivatives`, () => {
    const x = float64([[2, 3, 0.5, 1.5]]);
    x.overwrite(x.detach().mul(tensor([[0, 1, zeros > 1 ? 0 : 1, zeros > 2 ? 0 : 1]])));
    checkTwice((y) => prod(y, 1), [x]);
  });

  test(`cumprod over elements of which ${zeros} are 0 has the right derivatives`, () => {
    const x = float64([[2, 3, 0.5, 1.5]]);
    x.overwrite(x.detach().mul(tensor([[1, 0, zeros > 1 ? 0 : 1, zeros > 2 ? 0 : 1]])));
    checkTwice((y) => cumprod(y, 1), [x]);
  });
}

test("equal maxima share the gradient evenly", () => {
  const x = float64([
    [3, 1, 3],
    [2, 5, 4],
  ]);
  const [slope] = grad(amax(x, 1).sum(), [x]);
  expect(slope?.toArray()).toEqual([
    [0.5, 0, 0.5],
    [0, 1, 0],
  ]);
});

test("the maximum along a dimension passes its gradient to the first of equals only", () => {
  const x = float64([[3, 1, 3]]);
  const [slope] = grad(x.max(1).values.sum(), [x]);
  expect(slope?.toArray()).toEqual([[1, 0, 0]]);
});

test("the gradient of a binary cross entropy stays finite at probabilities 0 and 1", () => {
  const x = float64([0, 1, 1]);
  const target = tensor([1, 1, 0], { dtype: "float64" });
  const [slope] = grad(binaryCrossEntropy(x, target, { reduction: "sum" }), [x]);
  expect(slope?.toArray()).toEqual([-1e12, 0, 1e12]);
});

test("the 2-norm at 0 has the gradient 0", () => {
  const x = float64([0, 0]);
  const [slope] = grad(x.norm(2), [x]);
  expect(slope?.toArray()).toEqual([0, 0]);
});
