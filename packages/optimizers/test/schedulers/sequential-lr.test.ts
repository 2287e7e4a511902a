import { describe, expect, it } from "vitest";
import {
  ChainedScheduler,
  ConstantLR,
  CosineAnnealingLR,
  ExponentialLR,
  LinearLR,
  MultiplicativeLR,
  type Optimizer,
  SequentialLR,
  SGD,
} from "../../src/index.js";
import { parameter } from "../parameter.js";
import { expectClose, ratesOf } from "./rates.js";

const sgd = (): Optimizer => new SGD([parameter(0)], { lr: 0.1 });
const warmUp = (o: Optimizer): SequentialLR =>
  new SequentialLR(o, [new LinearLR(o, { startFactor: 0.1, totalIters: 3 }), new CosineAnnealingLR(o, 4)], [3]);
const chained = (o: Optimizer): ChainedScheduler =>
  new ChainedScheduler([new ConstantLR(o, { factor: 0.1, totalIters: 2 }), new ExponentialLR(o, 0.9)]);

describe("SequentialLR", () => {
  it("starts the next scheduler from the first rate at each milestone", () => {
    expectClose(ratesOf(warmUp(sgd()), 7), [0.01, 0.04, 0.07, 0.1, 0.085355339059, 0.05, 0.014644660941, 0]);
  });

  it("lets MultiplicativeLR go on from the rate as it is, as PyTorch does", () => {
    const [o, other] = [sgd(), sgd()];
    const half = new ConstantLR(o, { factor: 0.5, totalIters: 9 });
    expectClose(
      ratesOf(new SequentialLR(o, [half, new MultiplicativeLR(o, () => 0.9)], [3]), 5),
      [0.05, 0.05, 0.05, 0.05, 0.045, 0.0405],
    );
    const [first, second] = [new MultiplicativeLR(other, () => 0.9), new ExponentialLR(other, 0.5)];
    expectClose(ratesOf(new SequentialLR(other, [first, second], [2]), 4), [0.1, 0.09, 0.1, 0.05, 0.025]);
  });

  it("starts from the optimizer's own rate, whatever the later schedulers made of it", () => {
    const o = sgd();
    const list = [new MultiplicativeLR(o, () => 0.9), new ConstantLR(o, { factor: 0.5, totalIters: 9 })];
    expectClose(ratesOf(new SequentialLR(o, list, [2]), 3), [0.1, 0.09, 0.05, 0.05]);
  });

  it("refuses schedulers of another optimizer, and a wrong number of milestones", () => {
    const o = sgd();
    const list = [new ExponentialLR(o, 0.9), new ExponentialLR(sgd(), 0.9)];
    expect(() => new SequentialLR(o, list, [1])).toThrow(/SequentialLR: scheduler 1 belongs to another optimizer/);
    expect(() => new SequentialLR(o, [new ExponentialLR(o, 0.9)], [1])).toThrow(/got 1 and 1/);
  });
});

describe("ChainedScheduler", () => {
  it("lets all schedulers step", () => {
    expectClose(ratesOf(chained(sgd()), 4), [0.01, 0.009, 0.081, 0.0729, 0.06561]);
  });

  it("refuses none, and those of different optimizers", () => {
    expect(() => new ChainedScheduler([])).toThrow(/at least one scheduler/);
    const list = [new ExponentialLR(sgd(), 0.9), new ExponentialLR(sgd(), 0.9)];
    expect(() => new ChainedScheduler(list)).toThrow(/scheduler 1 belongs to another optimizer/);
  });
});

it.each([
  ["SequentialLR", warmUp],
  ["ChainedScheduler", chained],
] as const)("%s saves the states of its schedulers, and goes on from them", (_name, make) => {
  const first = make(sgd());
  for (let i = 0; i < 4; i++) first.step();
  const optimizer = sgd();
  const second = make(optimizer);
  optimizer.loadStateDict(first.optimizer.stateDict());
  second.loadStateDict(JSON.parse(JSON.stringify(first.stateDict())));
  expect(ratesOf(second, 3)).toEqual(ratesOf(first, 3));
  expect(() => second.loadStateDict({ schedulers: [] })).toThrow(/the states of 2 schedulers/);
});
