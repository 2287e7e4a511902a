import { describe, expect, it } from "vitest";
import {
  Adam,
  ConstantLR,
  CosineAnnealingLR,
  CosineAnnealingWarmRestarts,
  CyclicLR,
  ExponentialLR,
  LambdaLR,
  LinearLR,
  LRScheduler,
  MultiplicativeLR,
  MultiStepLR,
  type Optimizer,
  PolynomialLR,
  SGD,
  StepLR,
} from "../../src/index.js";
import { parameter } from "../parameter.js";
import { expectClose, ratesOf } from "./rates.js";

const sgd = (): Optimizer => new SGD([parameter(0)], { lr: 0.1, momentum: 0.9 });

/** The learning rates that PyTorch prints. */
const cases: Record<string, readonly [make: (optimizer: Optimizer) => LRScheduler, rates: readonly number[]]> = {
  StepLR: [(o) => new StepLR(o, 2, { gamma: 0.5 }), [0.1, 0.1, 0.05, 0.05, 0.025, 0.025]],
  MultiStepLR: [(o) => new MultiStepLR(o, [1, 3, 3]), [0.1, 0.01, 0.01, 0.0001, 0.0001]],
  ConstantLR: [(o) => new ConstantLR(o, { factor: 0.5, totalIters: 2 }), [0.05, 0.05, 0.1, 0.1]],
  LinearLR: [(o) => new LinearLR(o, { startFactor: 0.5, totalIters: 4 }), [0.05, 0.0625, 0.075, 0.0875, 0.1, 0.1]],
  ExponentialLR: [(o) => new ExponentialLR(o, 0.5), [0.1, 0.05, 0.025, 0.0125]],
  PolynomialLR: [(o) => new PolynomialLR(o, { totalIters: 4, power: 2 }), [0.1, 0.05625, 0.025, 0.00625, 0, 0]],
  LambdaLR: [(o) => new LambdaLR(o, (epoch) => 1 / (1 + epoch)), [0.1, 0.05, 0.033333333333, 0.025]],
  MultiplicativeLR: [
    (o) => new MultiplicativeLR(o, (epoch) => 1 / (1 + epoch)),
    [0.1, 0.05, 0.016666666667, 0.004166666667],
  ],
  CosineAnnealingLR: [
    (o) => new CosineAnnealingLR(o, 4, { etaMin: 0.02 }),
    [0.1, 0.088284271247, 0.06, 0.031715728753, 0.02, 0.031715728753, 0.06, 0.088284271247, 0.1, 0.088284271247],
  ],
  CosineAnnealingWarmRestarts: [
    (o) => new CosineAnnealingWarmRestarts(o, 2, { tMult: 2, etaMin: 0.02 }),
    [0.1, 0.06, 0.1, 0.088284271247, 0.06, 0.031715728753, 0.1, 0.0969551813],
  ],
  "CyclicLR, triangular": [
    (o) => new CyclicLR(o, 0.01, 0.1, { stepSizeUp: 2, stepSizeDown: 4 }),
    [0.01, 0.055, 0.1, 0.0775, 0.055, 0.0325, 0.01, 0.055, 0.1],
  ],
  "CyclicLR, triangular2": [
    (o) => new CyclicLR(o, 0.01, 0.1, { stepSizeUp: 2, mode: "triangular2" }),
    [0.01, 0.055, 0.1, 0.055, 0.01, 0.0325, 0.055, 0.0325, 0.01],
  ],
  "CyclicLR, exp_range": [
    (o) => new CyclicLR(o, 0.01, 0.1, { stepSizeUp: 2, mode: "exp_range", gamma: 0.9 }),
    [0.01, 0.0505, 0.0829, 0.042805, 0.01, 0.03657205, 0.05782969, 0.0315233605, 0.01],
  ],
};

describe.each(Object.entries(cases))("%s", (_name, [make, rates]) => {
  it("gives PyTorch's learning rates", () => {
    expectClose(ratesOf(make(sgd()), rates.length - 1), rates);
  });

  it("goes on from its state and the optimizer's as if it had never stopped", () => {
    const first = make(sgd());
    first.step();
    const optimizer = sgd();
    const second = make(optimizer);
    // As JSON: a state holds nothing that a file could not.
    const saved = JSON.parse(JSON.stringify(first.stateDict()));
    optimizer.loadStateDict(first.optimizer.stateDict() as ReturnType<Optimizer["stateDict"]>);
    second.loadStateDict(saved);
    expect(second.stateDict()).toEqual(first.stateDict());
    expect(ratesOf(second, 4)).toEqual(ratesOf(first, 4));
  });

  it("sets every group's rate", () => {
    const optimizer = new SGD([{ params: [parameter(0)] }, { params: [parameter(0)], lr: 0.1 }], { lr: 0.1 });
    make(optimizer).step();
    const [one, other] = optimizer.paramGroups;
    expect(other?.lr).toBe(one?.lr);
  });
});

describe("LRScheduler", () => {
  it("saves its options and counters, but no optimizer and no functions", () => {
    expect(new StepLR(sgd(), 2).stateDict()).toEqual({ baseLrs: [0.1], lastEpoch: 0, stepSize: 2, gamma: 0.1 });
    expect(new LambdaLR(sgd(), () => 1).stateDict()).toEqual({ baseLrs: [0.1], lastEpoch: 0 });
  });

  it("saves no functions of a user's rule either", () => {
    class Rule extends LRScheduler {
      factor = (epoch: number): number => 1 / (1 + epoch);
      half = true;
      constructor(optimizer: Optimizer) {
        super(optimizer);
        this.start();
      }
      protected rate(base: number): number {
        return base * this.factor(this.lastEpoch);
      }
    }
    const scheduler = new Rule(sgd());
    expectClose(ratesOf(scheduler, 1), [0.1, 0.05]);
    expect(scheduler.stateDict()).toEqual({ baseLrs: [0.1], lastEpoch: 1, half: true });
  });

  it("keeps a state apart from the scheduler that it was taken from", () => {
    const scheduler = new MultiStepLR(sgd(), [1]);
    const state = scheduler.stateDict();
    (state.milestones as number[])[0] = 7;
    expect(scheduler.milestones).toEqual([1]);
  });

  it("refuses another scheduler's state, and then changes nothing", () => {
    const scheduler = new StepLR(sgd(), 2);
    expect(() => scheduler.loadStateDict(new ExponentialLR(sgd(), 0.9).stateDict())).toThrow(
      /StepLR.*lacks "stepSize"/,
    );
    const wrong = { ...scheduler.stateDict(), lastEpoch: 5, stepSize: "2" };
    expect(() => scheduler.loadStateDict(wrong)).toThrow(/"stepSize" of the loaded state is no number/);
    expect(() => scheduler.loadStateDict({ ...scheduler.stateDict(), other: 1 })).toThrow(/unexpected "other"/);
    expect(scheduler.lastEpoch).toBe(0);
  });

  it("works on a learning rate that was changed by hand, where PyTorch's does", () => {
    const optimizer = sgd();
    const scheduler = new StepLR(optimizer, 1, { gamma: 0.5 });
    (optimizer.paramGroups[0] as { lr: number }).lr = 1;
    scheduler.step();
    expect(scheduler.getLastLr()).toEqual([0.5]);
  });

  it("goes on after lastEpoch from the groups' initialLr", () => {
    const resumed = (): Optimizer => {
      const optimizer = new SGD([parameter(0)], { lr: 0.5 });
      (optimizer.paramGroups[0] as { initialLr: number }).initialLr = 0.1;
      return optimizer;
    };
    expectClose(ratesOf(new CosineAnnealingLR(resumed(), 4, { lastEpoch: 1 }), 1), [0.05, 0.014644660941]);
    expectClose(ratesOf(new LambdaLR(resumed(), (epoch) => epoch, { lastEpoch: 1 }), 1), [0.2, 0.3]);
    expect(() => new StepLR(sgd(), 2, { lastEpoch: 1 })).toThrow(/parameter group 0 needs its initialLr/);
  });

  it("takes a list of factors, one for each group", () => {
    const optimizer = new SGD([{ params: [parameter(0)] }, { params: [parameter(0)] }], { lr: 1 });
    const scheduler = new LambdaLR(optimizer, [(epoch) => 0.5 ** epoch, () => 2]);
    scheduler.step();
    expect(scheduler.getLastLr()).toEqual([0.5, 2]);
    expect(() => new LambdaLR(optimizer, [() => 1])).toThrow(/a factor for each of the 2 parameter groups, got 1/);
  });

  it("refuses factors that PyTorch refuses", () => {
    expect(() => new ConstantLR(sgd(), { factor: 1.5 })).toThrow(/factor must be between 0 and 1/);
    expect(() => new LinearLR(sgd(), { startFactor: 0 })).toThrow(/startFactor must be above 0/);
    expect(() => new LinearLR(sgd(), { endFactor: 1.5 })).toThrow(/endFactor must be between 0 and 1/);
    expect(() => new CosineAnnealingWarmRestarts(sgd(), 0)).toThrow(/t0 must be a whole number/);
    expect(() => new CosineAnnealingWarmRestarts(sgd(), 2, { tMult: 0.5 })).toThrow(/tMult must be a whole number/);
    expect(() => new CyclicLR(sgd(), 0.01, 0.1, { mode: "square" as "triangular" })).toThrow(/mode must be one of/);
  });
});

describe("CosineAnnealingWarmRestarts", () => {
  it("steps to any epoch, whole or not", () => {
    const optimizer = sgd();
    const scheduler = new CosineAnnealingWarmRestarts(optimizer, 2, { tMult: 2 });
    const rates = [0.5, 1.75, 2.5, 6.25, undefined].map((epoch) => {
      scheduler.step(epoch);
      return scheduler.getLastLr()[0] as number;
    });
    expectClose(rates, [0.085355339059, 0.003806023374, 0.096193976626, 0.099759236336, 0.094096063217]);
    expect(scheduler.lastEpoch).toBe(7);
    expect(() => scheduler.step(-1)).toThrow(/epoch must be at least 0/);
  });
});

describe("CyclicLR", () => {
  it("cycles the momentum the other way, and Adam's first beta", () => {
    const optimizer = new SGD([parameter(0)], { lr: 0.1, momentum: 0.5 });
    const scheduler = new CyclicLR(optimizer, 0.01, 0.1, { stepSizeUp: 2, stepSizeDown: 4 });
    const momenta = [0, 1, 2, 3].map((step) => {
      if (step > 0) scheduler.step();
      return optimizer.paramGroups[0]?.momentum as number;
    });
    expectClose(momenta, [0.9, 0.85, 0.8, 0.825]);
    const adam = new Adam([parameter(0)]);
    new CyclicLR(adam, 0.01, 0.1);
    expect(adam.paramGroups[0]?.betas).toEqual([0.9, 0.999]);
  });

  it("leaves the momentum alone if told so", () => {
    const optimizer = new SGD([parameter(0)], { lr: 0.1, momentum: 0.5 });
    new CyclicLR(optimizer, 0.01, 0.1, { cycleMomentum: false }).step();
    expect(optimizer.paramGroups[0]?.momentum).toBe(0.5);
  });

  it("scales cycles by a function of the cycle or of the step", () => {
    const scaleFn = (x: number): number => 1 / x;
    const byCycle = new CyclicLR(sgd(), 0, 1, { stepSizeUp: 1, scaleFn });
    expectClose(ratesOf(byCycle, 5), [0, 1, 0, 0.5, 0, 1 / 3]);
    const byStep = new CyclicLR(sgd(), 0, 1, { stepSizeUp: 1, scaleFn: (x) => x, scaleMode: "iterations" });
    expectClose(ratesOf(byStep, 5), [0, 1, 0, 3, 0, 5]);
  });
});
