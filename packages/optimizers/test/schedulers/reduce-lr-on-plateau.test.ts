import { tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { type Optimizer, type PlateauOptions, ReduceLROnPlateau, SGD } from "../../src/index.js";
import { parameter } from "../parameter.js";

const sgd = (): Optimizer => new SGD([parameter(0)], { lr: 1 });

/** The learning rates after each metric. */
function rates(options: PlateauOptions, metrics: readonly number[]): number[] {
  const scheduler = new ReduceLROnPlateau(sgd(), options);
  return metrics.map((metric) => {
    scheduler.step(metric);
    return scheduler.getLastLr()[0] as number;
  });
}

describe("ReduceLROnPlateau", () => {
  it("reduces after more than patience epochs that are not better", () => {
    expect(rates({ patience: 1, factor: 0.5 }, [3, 2, 2, 2, 1, 1, 1])).toEqual([1, 1, 1, 0.5, 0.5, 0.5, 0.25]);
  });

  it("looks for the largest metric with mode max", () => {
    expect(rates({ mode: "max", patience: 0, factor: 0.5 }, [1, 2, 3, 2])).toEqual([1, 1, 1, 0.5]);
  });

  it("counts changes below the threshold as none, relative or absolute", () => {
    const options = { patience: 0, factor: 0.5, threshold: 0.1 };
    expect(rates(options, [10, 9.5])).toEqual([1, 0.5]);
    expect(rates({ ...options, thresholdMode: "abs" }, [10, 9.5])).toEqual([1, 1]);
  });

  it("counts nothing in a cooldown", () => {
    expect(rates({ patience: 0, factor: 0.5, cooldown: 2 }, [1, 1, 1, 1, 1])).toEqual([1, 0.5, 0.5, 0.5, 0.25]);
  });

  it("stops at the smallest rate, and leaves out changes below eps", () => {
    expect(rates({ patience: 0, factor: 0.1, minLr: 0.5 }, [1, 1, 1])).toEqual([1, 0.5, 0.5]);
    expect(rates({ patience: 0, factor: 0.9, eps: 0.2 }, [1, 1])).toEqual([1, 1]);
  });

  it("takes a metric of NaN as a bad one, and one that is a tensor", () => {
    expect(rates({ patience: 0, factor: 0.5 }, [1, Number.NaN])).toEqual([1, 0.5]);
    const scheduler = new ReduceLROnPlateau(sgd());
    scheduler.step(tensor(0.25));
    expect(scheduler.best).toBe(0.25);
  });

  it("goes on from its state as if it had never stopped", () => {
    const options: PlateauOptions = { patience: 2, cooldown: 1 };
    const [first, second] = [new ReduceLROnPlateau(sgd(), options), new ReduceLROnPlateau(sgd())];
    for (const metric of [3, 2, 2, 2]) first.step(metric);
    second.loadStateDict(first.stateDict());
    expect(second.stateDict()).toMatchObject({ best: 2, numBadEpochs: 2, lastEpoch: 4, patience: 2 });
    first.step(2);
    second.step(2);
    expect(second.getLastLr()).toEqual(first.getLastLr());
    expect(second.stateDict()).toEqual(first.stateDict());
  });

  it("refuses bad options", () => {
    expect(() => new ReduceLROnPlateau(sgd(), { factor: 1 })).toThrow(/factor must be below 1/);
    expect(() => new ReduceLROnPlateau(sgd(), { mode: "mean" as "min" })).toThrow(/mode must be "min" or "max"/);
    expect(() => new ReduceLROnPlateau(sgd(), { thresholdMode: "x" as "rel" })).toThrow(/thresholdMode must be/);
    expect(() => new ReduceLROnPlateau(sgd(), { minLr: [1, 2] })).toThrow(/a minLr for each of the 1/);
  });
});
