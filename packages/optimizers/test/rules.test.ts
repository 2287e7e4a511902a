import "@kindling/autograd";
import type { Tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { Adadelta, Adagrad, Adamax, ASGD, NAdam, type Optimizer, RAdam, RMSprop, Rprop } from "../src/index.js";
import { parameter, setGrad } from "./parameter.js";

type Make = (params: Iterable<Tensor>) => unknown;

/** Where a parameter of 1 is after steps with gradients of 3, 1, −1 and then 1. PyTorch's numbers, but NAdam's: 1.13 multiplies by μ twice, so these are by the formula. */
const paths: readonly (readonly [string, Make, readonly number[]])[] = [
  [
    "RMSprop",
    (p) => new RMSprop(p, { lr: 0.1, eps: 1e-3 }),
    [0.0033222591, -0.3133323234, -0.0101176391, -0.3015834421],
  ],
  [
    "RMSprop, centered, with momentum and weight decay",
    (p) => new RMSprop(p, { lr: 0.1, alpha: 0.5, centered: true, momentum: 0.5, weightDecay: 0.1, eps: 0.01 }),
    [0.8012820513, 0.6064136377, 0.5766575585, 0.4635776456],
  ],
  [
    "RMSprop that maximizes",
    (p) => new RMSprop(p, { lr: 0.1, alpha: 0.5, maximize: true }),
    [1.1414213556, 1.2017236241, 1.1286939503, 1.2120997152],
  ],
  [
    "Adagrad from a sum, with a rate that falls",
    (p) => new Adagrad(p, { lr: 0.1, lrDecay: 0.5, initialAccumulatorValue: 2 }),
    [0.9095465966, 0.8903015877, 0.9041690926, 0.8934786429],
  ],
  [
    "Adagrad that maximizes, with weight decay",
    (p) => new Adagrad(p, { lr: 0.1, weightDecay: 0.5, eps: 0.1, maximize: true }),
    [1.0961538462, 1.1132687828, 1.0627202923, 1.0777595122],
  ],
  ["Adadelta", (p) => new Adadelta(p), [0.9968377241, 0.9953552267, 0.9968739802, 0.9953201221]],
  [
    "Adadelta with weight decay",
    (p) => new Adadelta(p, { lr: 0.5, rho: 0.5, eps: 0.01, weightDecay: 0.1 }),
    [0.9293627875, 0.8848393513, 0.9300601205, 0.8705339315],
  ],
  ["Adamax", (p) => new Adamax(p, { lr: 0.1 }), [0.9000000003, 0.8350227426, 0.8063060514, 0.7761973997]],
  [
    "Adamax that maximizes, with weight decay",
    (p) => new Adamax(p, { lr: 0.1, betas: [0.5, 0.75], eps: 0.1, weightDecay: 0.5, maximize: true }),
    [1.0961538462, 1.1543392505, 1.1295966101, 1.1326535126],
  ],
  ["NAdam", (p) => new NAdam(p, { lr: 0.1 }), [0.8943548225, 0.855311616, 0.8812002003, 0.8398782649]],
  [
    "NAdam with weight decay and another momentum decay",
    (p) => new NAdam(p, { lr: 0.1, betas: [0.5, 0.75], eps: 0.1, weightDecay: 0.5, momentumDecay: 0.1 }),
    [0.88969874, 0.8303996422, 0.845750293, 0.7758086129],
  ],
  [
    "RAdam, rectified from the fifth step on",
    (p) => new RAdam(p, { lr: 0.1, betas: [0.5, 0.9], eps: 0.1 }),
    [0.7, 0.5333333333, 0.519047619, 0.459047619, 0.3784024578, 0.363633046, 0.3424629902, 0.315593157],
  ],
  [
    "RAdam with weight decay",
    (p) => new RAdam(p, { lr: 0.1, weightDecay: 0.5 }),
    [0.65, 0.4144736842, 0.2951107011, 0.1770874819],
  ],
  [
    "ASGD",
    (p) => new ASGD(p, { lr: 0.1, lambd: 0.01, alpha: 0.5 }),
    [0.6989999955, 0.5983513069, 0.6976537018, 0.597106758],
  ],
  [
    "ASGD with weight decay",
    (p) => new ASGD(p, { lr: 0.1, t0: 1, weightDecay: 0.1 }),
    [0.6899899954, 0.5830839984, 0.6772459118, 0.5704690813],
  ],
  ["Rprop", (p) => new Rprop(p, { lr: 0.1 }), [0.9, 0.78, 0.78, 0.72]],
  [
    "Rprop that maximizes, with limits",
    (p) => new Rprop(p, { lr: 0.1, etas: [0.25, 2], stepSizes: [0.05, 0.15], maximize: true }),
    [1.1, 1.25, 1.25, 1.3],
  ],
];

describe("the optimizers that are a rule for each element", () => {
  it.each(paths)("take PyTorch's steps: %s", (_name, make, want) => {
    const p = parameter(1);
    const optimizer = make([p]) as Optimizer;
    const got = want.map((_, step) => {
      setGrad(p, step === 0 ? 3 : step === 2 ? -1 : 1);
      optimizer.step();
      return p.item();
    });
    // ASGD's rate is a float32 in PyTorch.
    want.forEach((value, step) => {
      expect(got[step], `step ${step}`).toBeCloseTo(value, 7);
    });
  });

  it("name their state as PyTorch does", () => {
    const names = (make: Make): string[] => {
      const p = parameter(1);
      const optimizer = make([p]) as Optimizer;
      setGrad(p, 1);
      optimizer.step();
      return Object.keys(optimizer.stateDict().state[0] ?? {});
    };
    expect(names((p) => new RMSprop(p))).toEqual(["step", "squareAvg"]);
    const all = names((p) => new RMSprop(p, { centered: true, momentum: 0.5 }));
    expect(all).toEqual(["step", "squareAvg", "momentumBuffer", "gradAvg"]);
    expect(names((p) => new Adagrad(p))).toEqual(["step", "sum"]);
    expect(names((p) => new Adadelta(p))).toEqual(["step", "squareAvg", "accDelta"]);
    expect(names((p) => new Adamax(p))).toEqual(["step", "expAvg", "expInf"]);
    expect(names((p) => new NAdam(p))).toEqual(["step", "muProduct", "expAvg", "expAvgSq"]);
    expect(names((p) => new RAdam(p))).toEqual(["step", "expAvg", "expAvgSq"]);
    expect(names((p) => new ASGD(p))).toEqual(["step", "eta", "mu", "ax"]);
    expect(names((p) => new Rprop(p))).toEqual(["step", "prev", "stepSize"]);
  });

  it("refuse options out of range", () => {
    const p = [parameter(1)];
    expect(() => new RMSprop(p, { alpha: -0.1 })).toThrow(/^RMSprop: alpha must be a finite number of at least 0/);
    expect(() => new RMSprop(p, { momentum: -1 })).toThrow(/momentum/);
    expect(() => new Adagrad(p, { lrDecay: -0.1 })).toThrow(/^Adagrad: lrDecay/);
    expect(() => new Adagrad(p, { initialAccumulatorValue: -1 })).toThrow(/initialAccumulatorValue/);
    expect(() => new Adadelta(p, { rho: 1.5 })).toThrow(/^Adadelta: rho must be between 0 and 1, got 1.5/);
    expect(() => new Adamax(p, { betas: [1, 0.9] })).toThrow(/^Adamax: betas must be two numbers/);
    expect(() => new NAdam(p, { momentumDecay: -1 })).toThrow(/^NAdam: momentumDecay/);
    expect(() => new RAdam(p, { lr: Number.NaN })).toThrow(/^RAdam: lr/);
    expect(() => new ASGD(p, { weightDecay: -1 })).toThrow(/^ASGD: weightDecay/);
    expect(() => new Rprop(p, { etas: [0.5, 0.9] })).toThrow(/^Rprop: etas must be .* got 0.5, 0.9/);
  });
});

describe("NAdam and RAdam with decoupled weight decay", () => {
  it.each([NAdam, RAdam])("shrink the parameter itself: %o", (Decoupled) => {
    const [p, q] = [parameter(2), parameter(2)];
    const decoupled = new Decoupled([p], { lr: 0.1, weightDecay: 0.5, decoupledWeightDecay: true });
    const plain = new Decoupled([q], { lr: 0.1 });
    setGrad(p, 1);
    setGrad(q, 1);
    decoupled.step();
    plain.step();
    expect(p.item() - q.item()).toBeCloseTo(-0.1, 12);
  });
});

describe("ASGD", () => {
  it("averages the parameters from step t0 on", () => {
    const p = parameter(0);
    const asgd = new ASGD([p], { lr: 1, lambd: 0, alpha: 0, t0: 1 });
    const seen: number[] = [];
    for (let step = 0; step < 4; step++) {
      setGrad(p, -1);
      asgd.step();
      seen.push((asgd.stateDict().state[0]?.ax as Tensor | undefined)?.item() ?? Number.NaN);
    }
    // Parameters 1, 2, 3 and 4; after step t the weight of the next is 1 / max(1, t − 1).
    expect(seen).toEqual([1, 2, 3, 3.5]);
  });
});
