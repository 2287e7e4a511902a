import { empty, Generator, manualSeed, type Tensor, tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { Conv2d, Embedding, init, Linear } from "../src/index.js";
import { expectNumbers } from "./numbers.js";

const matrix = (): Tensor => empty([2, 3]);

describe("with the same seed as PyTorch, init", () => {
  const cases: Record<string, readonly [fill: () => Tensor, numbers: readonly number[]]> = {
    uniform_: [
      () => init.uniform_(matrix(), -1, 1),
      [-0.00748682, 0.5364436, -0.8230451, -0.735939, -0.3851544, 0.2681574],
    ],
    normal_: [() => init.normal_(matrix(), 1, 2), [4.081992, 0.4131422, -3.357579, 2.136863, -1.169045, -1.797191]],
    truncNormal_: [
      () => init.truncNormal_(matrix()),
      [-0.008956512, 0.6935496, -1.241547, -1.041709, -0.4783933, 0.3265029],
    ],
    "truncNormal_ with bounds": [
      () => init.truncNormal_(matrix(), 1, 0.5, 0.9, 1.3),
      [1.090864, 1.199499, 0.9342963, 0.9510558, 1.018185, 1.145061],
    ],
    xavierUniform_: [
      () => init.xavierUniform_(matrix()),
      [-0.008201401, 0.5876445, -0.9016008, -0.8061808, -0.4219155, 0.2937517],
    ],
    xavierNormal_: [
      () => init.xavierNormal_(matrix(), 2),
      [1.949223, -0.3711615, -2.755975, 0.719015, -1.371824, -1.769099],
    ],
    kaimingUniform_: [
      () => init.kaimingUniform_(matrix(), { nonlinearity: "relu" }),
      [-0.01058796, 0.7586458, -1.163962, -1.040775, -0.5446905, 0.3792318],
    ],
    kaimingNormal_: [
      () => init.kaimingNormal_(matrix(), { a: 1, mode: "fanOut" }),
      [1.089649, -0.2074856, -1.540637, 0.4019416, -0.7668731, -0.9889563],
    ],
    "orthogonal_, wide": [
      () => init.orthogonal_(matrix(), 2),
      [1.147962, -0.2185892, -1.623084, -0.6908302, -1.861765, -0.2378711],
    ],
    "orthogonal_, tall": [
      () => init.orthogonal_(empty([3, 2])),
      [0.5349525, -0.1699301, -0.7563608, 0.3401839, -0.376489, -0.9248778],
    ],
    "orthogonal_, square": [
      () => init.orthogonal_(empty([4, 2, 2])),
      [
        -0.775787, -0.1476451, -0.04264333, -0.6119943, 0.5848243, 0.01918691, -0.3731651, -0.7199724, 0.2220713,
        -0.7883118, 0.5588208, -0.130262, 0.08257967, 0.5969902, 0.7393569, -0.3002243,
      ],
    ],
    sparse_: [
      () => init.sparse_(empty([6, 2]), 0.4),
      [0, 0, -0.02178789, 0, 0, 0, 0, 0.008380263, -0.007192576, -0.004033435, -0.005966354, 0.001820365],
    ],
    "Linear's weight": [
      () => new Linear(3, 2).weight,
      [-0.004322518, 0.3097158, -0.4751853, -0.4248946, -0.222369, 0.1548207],
    ],
    "Linear's bias": [() => new Linear(3, 2).bias as Tensor, [-0.01143914, 0.4577749]],
    "Conv2d's weight": [
      () => new Conv2d(2, 2, [1, 2]).weight,
      [-0.00374341, 0.2682218, -0.4115226, -0.3679695, -0.1925772, 0.1340787, -0.00990659, 0.3964447],
    ],
    "Conv2d's bias, in groups": [
      () => new Conv2d(2, 4, 1, { groups: 2 }).bias as Tensor,
      [-0.3851544, 0.2681574, -0.01981318, 0.7928895],
    ],
    "Embedding's weight": [
      () => new Embedding(2, 3, { paddingIdx: 1 }).weight,
      [1.540996, -0.2934289, -2.178789, 0, 0, 0],
    ],
  };

  it.each(Object.entries(cases))("%s draws the same numbers", (_name, [fill, numbers]) => {
    manualSeed(0);
    expectNumbers(fill(), numbers);
  });

  it("draws from a generator if it is given one", () => {
    const draw = (fill: (x: Tensor, options: { generator: Generator }) => Tensor): unknown =>
      fill(empty([4, 3]), { generator: new Generator(0) }).toArray();
    const fills: Record<string, (x: Tensor, options: { generator: Generator }) => Tensor> = {
      uniform: (x, options) => init.uniform_(x, 0, 1, options),
      normal: (x, options) => init.normal_(x, 0, 1, options),
      truncNormal: (x, options) => init.truncNormal_(x, 0, 1, -2, 2, options),
      kaimingUniform: init.kaimingUniform_,
      kaimingNormal: init.kaimingNormal_,
      xavierUniform: (x, options) => init.xavierUniform_(x, 1, options),
      xavierNormal: (x, options) => init.xavierNormal_(x, 1, options),
      orthogonal: (x, options) => init.orthogonal_(x, 1, options),
      sparse: (x, options) => init.sparse_(x, 0.5, 1, options),
    };
    for (const fill of Object.values(fills)) {
      manualSeed(1);
      const first = draw(fill);
      manualSeed(2);
      expect(draw(fill)).toEqual(first);
    }
  });
});

describe("init", () => {
  it("fills with constants", () => {
    expect(init.constant_(matrix(), 0.5).toArray()).toEqual([[0.5, 0.5, 0.5], [0.5, 0.5, 0.5]]); // biome-ignore format: a matrix
    expect(init.zeros_(empty([2])).toArray()).toEqual([0, 0]);
    expect(init.ones_(empty([2])).toArray()).toEqual([1, 1]);
    expect(init.eye_(matrix()).toArray()).toEqual([[1, 0, 0], [0, 1, 0]]); // biome-ignore format: a matrix
  });

  it("lets a convolution give back its input channels, in every group", () => {
    expectNumbers(init.dirac_(empty([4, 1, 3]), 2), [0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
    const layer = new Conv2d(3, 3, 3, { padding: 1, bias: false });
    init.dirac_(layer.weight);
    const x = tensor(
      Array.from({ length: 27 }, (_, i) => i),
      { dtype: "float32" },
    ).reshape([1, 3, 3, 3]);
    expect(layer.forward(x).toArray()).toEqual(x.toArray());
    expect(() => init.dirac_(empty([3, 3]))).toThrow(/expected 3 to 5 dimensions/);
    expect(() => init.dirac_(empty([3, 3, 3]), 2)).toThrow(/2 groups do not divide 3/);
  });

  it.each([
    [40, 60],
    [60, 40],
  ])("makes orthogonal rows or columns: %d × %d", (rows, columns) => {
    for (const dtype of ["float32", "float64"] as const) {
      const x = init.orthogonal_(empty([rows, columns], { dtype }), 3);
      const products = rows < columns ? x.matmul(x.t()) : x.t().matmul(x);
      const error = products
        .sub(init.eye_(empty(products.shape, { dtype })).mul(9))
        .abs()
        .max()
        .item();
      expect(error).toBeLessThan(dtype === "float32" ? 1e-5 : 1e-13);
    }
  });

  it("records nothing, in tensors that require grad and in views", () => {
    const layer = new Linear(4, 4);
    for (const fill of [init.eye_, init.orthogonal_, init.truncNormal_, init.xavierNormal_]) fill(layer.weight);
    init.sparse_(layer.weight, 0.5);
    expect(layer.weight.isLeaf).toBe(true);
    const table = init.zeros_(empty([3, 4]));
    init.eye_(table.t());
    expect(table.toArray()).toEqual([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]); // biome-ignore format: a matrix
  });

  it("leaves empty tensors empty", () => {
    expect(init.kaimingUniform_(empty([3, 0])).shape).toEqual([3, 0]);
    expect(init.orthogonal_(empty([0, 3])).shape).toEqual([0, 3]);
  });

  it("refuses what PyTorch refuses", () => {
    expect(() => init.xavierUniform_(empty([5]))).toThrow(/at least 2 dimensions, got \[5\]/);
    expect(() => init.kaimingNormal_(empty([5]))).toThrow(/at least 2 dimensions/);
    expect(() => init.kaimingUniform_(matrix(), { mode: "fanAvg" as "fanIn" })).toThrow(/mode must be "fanIn"/);
    expect(() => init.eye_(empty([3]))).toThrow(/expected a matrix, got \[3\]/);
    expect(() => init.orthogonal_(empty([4]))).toThrow(/at least 2 dimensions/);
    expect(() => init.sparse_(empty([4]), 0.1)).toThrow(/expected a matrix/);
    expect(() => init.sparse_(matrix(), 1.5)).toThrow(/sparsity must be between 0 and 1/);
    expect(() => init.truncNormal_(matrix(), 0, 1, 2, 1)).toThrow(/expected a <= b/);
  });

  it("knows the gains of nonlinearities", () => {
    expect(init.calculateGain("linear")).toBe(1);
    expect(init.calculateGain("tanh")).toBe(5 / 3);
    expect(init.calculateGain("relu")).toBe(Math.SQRT2);
    expect(init.calculateGain("selu")).toBe(0.75);
    expect(init.calculateGain("leakyRelu")).toBeCloseTo(1.4141428569978354, 12);
    expect(init.calculateGain("leakyRelu", 0.2)).toBeCloseTo(1.3867504905630728, 12);
    expect(() => init.calculateGain("swish" as "relu")).toThrow(/nonlinearity must be one of .*got swish/);
  });
});
