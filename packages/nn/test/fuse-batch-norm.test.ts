import { manualSeed, noGrad, randn, type Tensor } from "@kindling/tensor";
import { expect, it } from "vitest";
import { BatchNorm1d, BatchNorm2d, Conv2d, ConvTranspose2d, Linear, type Module, utils } from "../src/index.js";

/** A norm that has seen something, with a weight and a bias that do something. */
function trained<T extends BatchNorm1d | BatchNorm2d>(norm: T, x: Tensor): T {
  noGrad(() => {
    norm.forward(x);
    norm.weight?.uniform_(0.5, 2);
    norm.bias?.uniform_(-1, 1);
  });
  return norm.eval() as T;
}

const same = (fused: Module, x: Tensor, want: Tensor): void => {
  expect((fused.call(x) as Tensor).allclose(want, { rtol: 1e-4, atol: 1e-5 })).toBe(true);
};

it("one layer computes what two did, with a bias or without", () => {
  manualSeed(0);
  const x = randn([4, 3, 5, 5]);
  for (const bias of [true, false]) {
    const conv = new Conv2d(3, 6, 3, { bias }).eval();
    const norm = trained(new BatchNorm2d(6), conv.forward(x));
    same(utils.fuseConvBnEval(conv, norm), x, norm.forward(conv.forward(x)));
    const transposed = new ConvTranspose2d(3, 6, 3, { bias }).eval();
    same(utils.fuseConvBnEval(transposed, norm, { transpose: true }), x, norm.forward(transposed.forward(x)));
  }
  const linear = new Linear(5, 6).eval();
  const rows = x.flatten(0, 2);
  const norm = trained(new BatchNorm1d(6), linear.forward(rows));
  same(utils.fuseLinearBnEval(linear, norm), rows, norm.forward(linear.forward(rows)));
});

it("is for evaluation, and needs running statistics", () => {
  const conv = new Conv2d(3, 6, 3);
  expect(() => utils.fuseConvBnEval(conv, new BatchNorm2d(6).eval())).toThrow(/call eval\(\) first/);
  const norm = new BatchNorm2d(6, { trackRunningStats: false }).eval();
  expect(() => utils.fuseConvBnEval(conv.eval(), norm)).toThrow(/keeps no running statistics/);
});
