import { describe, expect, it } from "vitest";
import { Adam, OneCycleLR, Optimizer, SGD } from "../../src/index.js";
import { parameter } from "../parameter.js";
import { expectClose } from "./rates.js";

interface Group {
  lr: number;
  momentum?: number;
  betas?: readonly [number, number];
}

/** Learning rates and momenta over the whole cycle. */
function cycle(scheduler: OneCycleLR): { rates: number[]; momenta: number[] } {
  const group = scheduler.optimizer.paramGroups[0] as Group;
  const seen = Array.from({ length: scheduler.totalSteps }, (_, i) => {
    if (i > 0) scheduler.step();
    return [group.lr, group.momentum ?? group.betas?.[0] ?? Number.NaN] as const;
  });
  return { rates: seen.map(([rate]) => rate), momenta: seen.map(([, momentum]) => momentum) };
}

const sgd = (): Optimizer => new SGD([parameter(0)], { lr: 0.1, momentum: 0.9 });

describe("OneCycleLR", () => {
  it("anneals rate and momentum along cosines", () => {
    const { rates, momenta } = cycle(new OneCycleLR(sgd(), 0.2, { totalSteps: 8 }));
    expectClose(
      rates,
      [0.008, 0.163855020978, 0.194388355478, 0.16234913079, 0.111196802825, 0.056612199642, 0.015328318767, 8e-7],
    );
    expectClose(
      momenta,
      [0.95, 0.868825509907, 0.852805833485, 0.868825509907, 0.894401776195, 0.921694186956, 0.942336209961, 0.95],
    );
  });

  it("anneals along straight lines, with all its options", () => {
    const { rates, momenta } = cycle(
      new OneCycleLR(sgd(), 0.2, {
        epochs: 2,
        stepsPerEpoch: 4,
        annealStrategy: "linear",
        pctStart: 0.5,
        divFactor: 10,
        finalDivFactor: 100,
        baseMomentum: 0.5,
        maxMomentum: 0.8,
      }),
    );
    expectClose(rates, [0.02, 0.08, 0.14, 0.2, 0.15005, 0.1001, 0.05015, 0.0002]);
    expectClose(momenta, [0.8, 0.7, 0.6, 0.5, 0.575, 0.65, 0.725, 0.8]);
  });

  it("has a third phase that goes from the first rate to the last", () => {
    const { rates, momenta } = cycle(new OneCycleLR(sgd(), 0.2, { totalSteps: 8, threePhase: true }));
    expectClose(
      rates,
      [0.008, 0.163855020978, 0.12536200966, 0.007955327773, 0.006494109812, 0.003701509518, 0.001068485733, 8e-7],
    );
    expectClose(momenta, [0.95, 0.868825509907, 0.888873953302, 0.95, 0.95, 0.95, 0.95, 0.95]);
  });

  it("cycles Adam's first beta and keeps the second", () => {
    const adam = new Adam([parameter(0)], { betas: [0.9, 0.99] });
    const { rates, momenta } = cycle(new OneCycleLR(adam, 0.2, { totalSteps: 4 }));
    expectClose(rates, [0.008, 0.16234913079, 0.056612199642, 8e-7]);
    expectClose(momenta, [0.95, 0.868825509907, 0.921694186956, 0.95]);
    expect(adam.paramGroups[0]?.betas[1]).toBe(0.99);
  });

  it("leaves the momentum alone if told so", () => {
    expect(cycle(new OneCycleLR(sgd(), 0.2, { totalSteps: 3, cycleMomentum: false })).momenta).toEqual([0.9, 0.9, 0.9]);
  });

  it("has a largest rate for each group", () => {
    const optimizer = new SGD([{ params: [parameter(0)] }, { params: [parameter(0)] }], { lr: 0.1 });
    expectClose(new OneCycleLR(optimizer, [0.5, 1], { totalSteps: 8 }).getLastLr(), [0.02, 0.04]);
    expect(() => new OneCycleLR(optimizer, [1], { totalSteps: 8 })).toThrow(/a maxLr for each of the 2/);
  });

  it("is never NaN where a phase has no length", () => {
    const { rates } = cycle(new OneCycleLR(sgd(), 0.2, { totalSteps: 10, pctStart: 0.1 }));
    expect(rates[0]).toBe(0.2);
    expect(rates.every(Number.isFinite)).toBe(true);
  });

  it("goes on from its state and the optimizer's as if it had never stopped", () => {
    const first = new OneCycleLR(sgd(), 0.2, { totalSteps: 8 });
    for (let i = 0; i < 3; i++) first.step();
    const optimizer = sgd();
    const second = new OneCycleLR(optimizer, 1, { totalSteps: 99 });
    optimizer.loadStateDict(first.optimizer.stateDict());
    second.loadStateDict(first.stateDict());
    const groups = [first, second].map((scheduler) => scheduler.optimizer.paramGroups[0] as Group);
    for (let i = 0; i < 3; i++) {
      first.step();
      second.step();
      expect(groups[1]?.lr).toBe(groups[0]?.lr);
      expect(groups[1]?.momentum).toBe(groups[0]?.momentum);
    }
  });

  it("refuses steps beyond the total", () => {
    const scheduler = new OneCycleLR(sgd(), 0.2, { totalSteps: 2 });
    scheduler.step();
    scheduler.step();
    expect(() => scheduler.step()).toThrow(/step 4 is beyond the total of 2 steps/);
  });

  it("refuses bad options", () => {
    expect(() => new OneCycleLR(sgd(), 0.2)).toThrow(/give totalSteps, or epochs and stepsPerEpoch/);
    expect(() => new OneCycleLR(sgd(), 0.2, { epochs: 2 })).toThrow(/stepsPerEpoch must be a whole number/);
    expect(() => new OneCycleLR(sgd(), 0.2, { totalSteps: 0 })).toThrow(/totalSteps must be a whole number/);
    expect(() => new OneCycleLR(sgd(), 0.2, { totalSteps: 9, pctStart: 2 })).toThrow(
      /pctStart must be between 0 and 1/,
    );
    const annealStrategy = "sine" as "cos";
    expect(() => new OneCycleLR(sgd(), 0.2, { totalSteps: 9, annealStrategy })).toThrow(/annealStrategy must be/);
  });

  it("refuses an optimizer without momentum, unless it need not be cycled", () => {
    class Plain extends Optimizer {
      protected update(): void {}
    }
    const plain = new Plain([parameter(0)], { lr: 1 });
    expect(() => new OneCycleLR(plain, 0.2, { totalSteps: 9 })).toThrow(/Plain has no momentum to cycle/);
    expect(new OneCycleLR(plain, 25, { totalSteps: 9, cycleMomentum: false }).getLastLr()).toEqual([1]);
  });
});
