import "@kindling/autograd";
import { randn, type Tensor, tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import * as nn from "../../src/index.js";
import { expectNumbers } from "../numbers.js";

/** What PyTorch gives for −2, −0.5, 0.3 and 8. */
const results: readonly (readonly [nn.Layer, readonly number[]])[] = [
  [new nn.ReLU(), [0, 0, 0.3, 8]],
  [new nn.ReLU6(), [0, 0, 0.3, 6]],
  [new nn.LeakyReLU(0.2), [-0.4, -0.1, 0.3, 8]],
  [new nn.ELU(0.5), [-0.4323324, -0.1967347, 0.3, 8]],
  [new nn.CELU(0.5), [-0.4908422, -0.3160603, 0.3, 8]],
  [new nn.SELU(), [-1.520167, -0.6917582, 0.3152103, 8.405608]],
  [new nn.SiLU(), [-0.2384058, -0.1887703, 0.1723328, 7.997317]],
  [new nn.Mish(), [-0.2525015, -0.2207438, 0.2080014, 7.999998]],
  [new nn.GELU(), [-0.0455001, -0.1542688, 0.1853734, 8]],
  [new nn.GELU({ approximate: "tanh" }), [-0.04540229, -0.154286, 0.1853709, 8]],
  [new nn.Sigmoid(), [0.1192029, 0.3775407, 0.5744425, 0.9996647]],
  [new nn.Tanh(), [-0.9640276, -0.4621172, 0.2913126, 0.9999998]],
  [new nn.LogSigmoid(), [-2.126928, -0.974077, -0.5543552, -0.0003354064]],
  [new nn.Softsign(), [-0.6666667, -0.3333333, 0.2307692, 0.8888889]],
  [new nn.Tanhshrink(), [-1.035972, -0.03788283, 0.008687377, 7]],
  [new nn.Hardtanh(-0.5, 0.75), [-0.5, -0.5, 0.3, 0.75]],
  [new nn.Hardsigmoid(), [0.1666667, 0.4166667, 0.55, 1]],
  [new nn.Hardswish(), [-0.3333333, -0.2083333, 0.165, 8]],
  [new nn.Hardshrink(0.6), [-2, 0, 0, 8]],
  [new nn.Softshrink(0.25), [-1.75, -0.25, 0.05, 7.75]],
  [new nn.Softplus(2, 1), [0.009074965, 0.1566308, 0.518744, 8]],
  [new nn.Threshold(0.1, 7), [7, 7, 0.3, 8]],
  [new nn.PReLU(), [-0.5, -0.125, 0.3, 8]],
  [new nn.Softmax(0), [4.53681e-5, 0.0002033257, 0.0004525097, 0.9992988]],
  [new nn.LogSoftmax(0), [-10.0007, -8.500701, -7.700701, -0.0007014198]],
  [new nn.Softmin(0), [0.7556098, 0.1685993, 0.07575656, 3.430463e-5]],
  [new nn.GLU(0), [-1.148885, -0.4998323]],
];
const input = (): Tensor => tensor([-2, -0.5, 0.3, 8], { dtype: "float32" });

describe.each(results)("%s", (layer, numbers) => {
  it("gives PyTorch's numbers and leaves its input alone", () => {
    const x = input();
    expectNumbers(layer.forward(x), numbers);
    expect(x.toArray()).toEqual(input().toArray());
  });

  it("works in float64, on strided input, and lets gradients through", () => {
    const x = randn([4, 4], { dtype: "float64" }).requiresGrad_();
    layer.to("float64");
    const y = layer.forward(x.t());
    y.square().sum().backward();
    layer.to("float32");
    expect([y.dtype, x.grad?.shape]).toEqual(["float64", [4, 4]]);
  });
});

const inPlace: readonly ((options: { inplace: boolean }) => nn.Layer)[] = [
  (options) => new nn.ReLU(options),
  (options) => new nn.ReLU6(options),
  (options) => new nn.LeakyReLU(0.1, options),
  (options) => new nn.ELU(1, options),
  (options) => new nn.CELU(1, options),
  (options) => new nn.SELU(options),
  (options) => new nn.SiLU(options),
  (options) => new nn.Mish(options),
  (options) => new nn.Hardtanh(-1, 1, options),
  (options) => new nn.Hardsigmoid(options),
  (options) => new nn.Hardswish(options),
  (options) => new nn.Threshold(0.1, 7, options),
];

it.each(inPlace.map((make) => [make({ inplace: true }), make({ inplace: false })] as const))(
  "%s overwrites its input, with the same gradients",
  (overwriting, layer) => {
    const gradients = [overwriting, layer].map((one) => {
      const x = input().requiresGrad_();
      const between = x.mul(1);
      const y = one.forward(between);
      expect(y === between).toBe(one === overwriting);
      y.square().sum().backward();
      return [y.toArray(), x.grad?.toArray()];
    });
    expect(gradients[0]).toEqual(gradients[1]);
  },
);

it("overwriting layers give the same results and gradients in a Sequential as others", () => {
  const results = [true, false].map((inplace) => {
    const model = new nn.Sequential(
      new nn.Linear(4, 8),
      new nn.ReLU({ inplace }),
      new nn.Dropout(0, { inplace }),
      new nn.Linear(8, 2),
    );
    for (const parameter of model.parameters()) nn.init.constant_(parameter, 0.5);
    model.forward(input().unsqueeze(0)).square().sum().backward();
    return Array.from(model.parameters(), (parameter) => parameter.grad?.toArray());
  });
  expect(results[0]).toEqual(results[1]);
});

it("PReLU learns a slope for each channel, from the first one on", () => {
  const layer = new nn.PReLU(2, { init: 0.5 });
  const y = layer.forward(tensor([[-2, -4]], { dtype: "float32" }));
  expect(y.toArray()).toEqual([[-1, -2]]);
  y.sum().backward();
  expect(layer.weight.grad?.toArray()).toEqual([-2, -4]);
});

it("Softmax2d sums to 1 over the channels, of a batch or of one sample", () => {
  for (const shape of [
    [2, 3, 4, 5],
    [3, 4, 5],
  ]) {
    const sums = new nn.Softmax2d().forward(randn(shape)).sum(-3);
    expect(sums.sub(1).abs().max().item()).toBeLessThan(1e-6);
  }
  expect(() => new nn.Softmax2d().forward(randn([3, 4]))).toThrow(/Softmax2d: expected an input/);
});

it("Hardtanh needs a lower bound below the upper one", () => {
  expect(() => new nn.Hardtanh(1, 1)).toThrow(/expected minVal < maxVal, got 1 and 1/);
});
