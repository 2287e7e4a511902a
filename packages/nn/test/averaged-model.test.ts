import "@kindling/autograd";
import { arange, manualSeed, noGrad, ones, type Tensor, tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import {
  AveragedModel,
  BatchNorm1d,
  getEmaAvgFn,
  getEmaMultiAvgFn,
  getSwaAvgFn,
  Linear,
  Sequential,
  updateBn,
} from "../src/index.js";

const x = arange(8, { dtype: "float32" }).reshape(4, 2).square().div(9);
const model = (): Sequential => new Sequential(new Linear(2, 3), new BatchNorm1d(3));
const weight = (averaged: AveragedModel<Sequential>): Tensor => averaged.module.getParameter("0.weight");
const norm = (averaged: AveragedModel<Sequential>): BatchNorm1d => averaged.module.at(1) as BatchNorm1d;

/** Three steps that PyTorch took too, averaged after each. */
function train(...makers: ((trained: Sequential) => AveragedModel<Sequential>)[]): AveragedModel<Sequential>[] {
  manualSeed(0);
  const trained = model();
  const averaged = makers.map((make) => make(trained));
  for (let step = 0; step < 3; step++) {
    trained.zeroGrad();
    const target = x
      .sin()
      .sum(1, { keepdim: true })
      .mul(tensor([1, 2, 3]));
    trained.forward(x).sub(target).square().sum().backward();
    noGrad(() => {
      for (const parameter of trained.parameters()) parameter.sub_((parameter.grad as Tensor).mul(0.1));
    });
    for (const one of averaged) one.updateParameters(trained);
  }
  return averaged;
}

/** Whether these are PyTorch's numbers after three steps, in which batch norm amplifies rounding. */
function expectWeights(got: Tensor, want: readonly number[]): void {
  expect(got.flatten().allclose(tensor(want), { rtol: 1e-4, atol: 1e-5 }), `${got} for ${want}`).toBe(true);
}

describe("AveragedModel", () => {
  it("has PyTorch's averages of three steps: exponential, of all alike, and of buffers", () => {
    const [ema, swa, withBuffers] = train(
      (trained) => new AveragedModel(trained, { multiAvgFn: getEmaMultiAvgFn(0.9) }),
      (trained) => new AveragedModel(trained),
      (trained) => new AveragedModel(trained, { avgFn: getSwaAvgFn(), useBuffers: true }),
    ) as [AveragedModel<Sequential>, AveragedModel<Sequential>, AveragedModel<Sequential>];
    expectWeights(weight(ema), [-0.08496615, 0.3818714, -0.6369872, -0.4541913, 8.69355, 13.115214]);
    expectWeights(weight(swa), [-0.0387988, 0.3917377, -0.6743127, -0.4011923, 8.6896544, 13.1178]);
    expect(weight(withBuffers).equal(weight(swa))).toBe(true);
    expectWeights(norm(withBuffers).runningMean as Tensor, [0.1506975, -0.2848097, 4.255423]);
    expect(norm(withBuffers).numBatchesTracked?.item()).toBe(1);
    // As in PyTorch 2: buffers that are not averaged are the model's.
    expect(norm(swa).numBatchesTracked?.item()).toBe(3);
    expect(swa.nAveraged.item()).toBe(3);
    expect(Object.keys(swa.stateDict())).toEqual([
      "n_averaged",
      ...Object.keys(model().stateDict()).map((name) => `module.${name}`),
    ]);
    updateBn([[x, 1], x.mul(2)], swa);
    expectWeights(norm(swa).runningMean as Tensor, [1.266541, -2.416912, 66.1254]);
    expectWeights(norm(swa).runningVar as Tensor, [1.813795, 11.593112, 5390.1309]);
  });

  it("shares nothing with the model, and runs like it", () => {
    const trained = model().eval();
    const averaged = new AveragedModel(trained);
    const y: Tensor = averaged.forward(x);
    expect(y.equal(trained.forward(x))).toBe(true);
    noGrad(() => trained.getParameter("0.weight").zero_());
    expect(averaged.forward(x).equal(y)).toBe(true);
    averaged.updateParameters(trained);
    expect(averaged.forward(x).equal(trained.forward(x))).toBe(true);
    expect(weight(averaged).requiresGrad).toBe(true);
  });

  it("goes on from its state", () => {
    const trained = new Linear(1, 1, { bias: false });
    const [first, second] = [new AveragedModel(trained), new AveragedModel(trained)];
    first.updateParameters(trained);
    second.loadStateDict(first.stateDict());
    noGrad(() => trained.weight.add_(1));
    first.updateParameters(trained);
    second.updateParameters(trained);
    expect(second.module.weight.equal(first.module.weight)).toBe(true);
  });

  it("names what does not fit", () => {
    expect(() => new AveragedModel(new Linear(1, 1)).updateParameters(model())).toThrow(/has 7 tensors, expected 2/);
    expect(() => getEmaMultiAvgFn(1.5)).toThrow(/decay must be between 0 and 1, got 1.5/);
    const both = { avgFn: getEmaAvgFn(), multiAvgFn: getEmaMultiAvgFn() };
    expect(() => new AveragedModel(new Linear(1, 1), both)).toThrow(/either avgFn or multiAvgFn/);
  });
});

describe("updateBn", () => {
  it("leaves mode and momentum as they were, also if a batch does not fit, and statistics of other modules alone", () => {
    const trained = model().eval();
    updateBn([x], trained);
    const layer = trained.at(1) as BatchNorm1d;
    expect([layer.training, trained.training, layer.momentum]).toEqual([false, false, 0.1]);
    expect(layer.runningMean?.allclose((trained.at(0) as Linear).forward(x).mean(0))).toBe(true);
    expect(() => updateBn([ones([1, 5])], trained)).toThrow(/linear/);
    expect([layer.training, layer.momentum]).toEqual([false, 0.1]);
    updateBn(
      {
        [Symbol.iterator]: () => {
          throw new Error("read");
        },
      },
      new Linear(1, 1),
    );
  });
});
