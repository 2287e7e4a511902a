import * as t from "@kindling/tensor";
import type { Interval, Sample, Samples } from "./sample.js";

type Call = (x: t.Tensor) => t.Tensor;
const cube = (): t.Tensor => t.ones([2, 3, 2]);

function reducing(
  name: string,
  operation: (x: t.Tensor, dim: number) => t.Tensor,
  call: Call,
  options: Partial<Sample> = {},
): Sample {
  return {
    call: call as Sample["call"],
    shapes: [[2, 3, 2]],
    empty: [[0, 3, 2]],
    error: [() => operation(cube(), 3), new RegExp(`^${name}: dimension out of range: expected -3 to 2, got 3`)],
    ...options,
  };
}

const matrices: Sample["shapes"] = [
  [2, 3, 4],
  [2, 4, 2],
];
const classes = t.tensor([0, 2, -100, 1]);
const probability: Interval = [0.1, 0.9];

type Names =
  | "sum"
  | "prod"
  | "amax"
  | "amin"
  | "cumsum"
  | "cumprod"
  | "logcumsumexp"
  | "bmm"
  | "linear"
  | "softmax"
  | "logSoftmax"
  | "nllLoss"
  | "ctcLoss"
  | "binaryCrossEntropy";

export const reductionSamples = {
  sum: reducing("sum", t.sum, (x) => x.sum([0, 2])),
  prod: reducing("prod", t.prod, (x) => x.prod(1, { keepdim: true })),
  amax: reducing("amax", t.amax, (x) => x.amax(1)),
  amin: reducing("amin", t.amin, (x) => x.amin([1, 2]), {
    error: [() => t.zeros([2, 0]).amin(1), /^amin: nothing to choose from in shape \[2, 0\]/],
  }),
  cumsum: reducing("cumsum", t.cumsum, (x) => x.cumsum(1)),
  cumprod: reducing("cumprod", t.cumprod, (x) => x.cumprod(-1)),
  logcumsumexp: reducing("logcumsumexp", t.logcumsumexp, (x) => x.logcumsumexp(1)),
  softmax: reducing("softmax", t.softmax, (x) => x.softmax(1)),
  logSoftmax: reducing("logSoftmax", t.logSoftmax, (x) => x.logSoftmax(1)),
  bmm: {
    call: (x, y) => t.bmm(x as t.Tensor, y as t.Tensor),
    shapes: matrices,
    empty: [
      [2, 3, 0],
      [2, 0, 2],
    ],
    error: [() => t.bmm(t.ones([2, 3, 4]), t.ones([2, 3, 2])), /^bmm: .*\[2, 3, 4\].*\[2, 3, 2\]/],
  },
  linear: {
    call: (x, weight, bias) => t.linear(x as t.Tensor, weight as t.Tensor, bias as t.Tensor),
    shapes: [[2, 2, 3], [4, 3], [4]],
    empty: [[0, 3], [4, 3], [4]],
    error: [
      () => t.linear(t.ones([2, 3]), t.ones([4, 2])),
      /^linear: .*\[2, 3\].*\[4, 2\]|^linear: .*\[4, 2\].*\[2, 3\]/,
    ],
  },
  nllLoss: {
    call: (x) => t.nllLoss(x as t.Tensor, classes, { weight: t.tensor([1, 2, 0.5], { dtype: "float64" }) }),
    shapes: [[4, 3]],
    empty: null,
    error: [() => t.nllLoss(t.ones([1, 3]), t.tensor([3])), /^nllLoss: .*3/],
  },
  // Its derivative is that of the logits.
  ctcLoss: {
    call: (x) => t.ctcLoss((x as t.Tensor).logSoftmax(2), t.tensor([[1, 1, 2], [2, 9, 9]]), [5, 3], [3, 1]), // biome-ignore format: a matrix
    shapes: [[5, 2, 3]],
    empty: null,
    derivatives: 1,
    error: [() => t.ctcLoss(t.ones([2, 1, 3]), t.tensor([3]), [2], [1]), /^ctcLoss: label 3 .* for 3 classes/],
  },
  binaryCrossEntropy: {
    call: (x, target) => t.binaryCrossEntropy(x as t.Tensor, target as t.Tensor),
    shapes: [
      [2, 3],
      [2, 3],
    ],
    domain: probability,
    empty: null,
    error: [() => t.binaryCrossEntropy(t.tensor([1.5]), t.ones([1])), /^binaryCrossEntropy: expected probabilities/],
  },
} satisfies Samples<Names>;
