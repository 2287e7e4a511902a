import { describe, expect, it } from "vitest";
import { MultiplicativeLR, SGD, SWALR } from "../../src/index.js";
import { parameter } from "../parameter.js";
import { expectClose, ratesOf } from "./rates.js";

const sgd = (): SGD => new SGD([{ params: [parameter(0)] }, { params: [parameter(0)], lr: 0.2 }], { lr: 0.4 });

describe("SWALR", () => {
  it.each([
    ["cos", 3, [0.4, 0.325, 0.175, 0.1, 0.1]],
    ["linear", 3, [0.4, 0.3, 0.2, 0.1, 0.1]],
    ["cos", 0, [0.1, 0.1]],
    ["linear", 0, [0.1, 0.1]],
  ] as const)("gives PyTorch's learning rates: %s over %i epochs", (annealStrategy, annealEpochs, rates) => {
    expectClose(ratesOf(new SWALR(sgd(), 0.1, { annealStrategy, annealEpochs }), rates.length - 1), rates);
  });

  it("takes a rate per group, and begins where another scheduler has left off", () => {
    const optimizer = sgd();
    const scheduler = new SWALR(optimizer, [0.1, 0.05], { annealEpochs: 2, annealStrategy: "linear" });
    new MultiplicativeLR(optimizer, () => 0.5).step();
    scheduler.step();
    scheduler.step();
    expectClose(scheduler.getLastLr(), [0.1, 0.05]);
  });

  it("goes on from its state", () => {
    const first = new SWALR(sgd(), 0.1, { annealEpochs: 4 });
    first.step();
    const optimizer = sgd();
    const second = new SWALR(optimizer, 0.1, { annealEpochs: 4 });
    optimizer.loadStateDict(first.optimizer.stateDict() as ReturnType<SGD["stateDict"]>);
    second.loadStateDict(JSON.parse(JSON.stringify(first.stateDict())));
    expect(ratesOf(second, 4)).toEqual(ratesOf(first, 4));
  });

  it("names a bad option", () => {
    expect(() => new SWALR(sgd(), [0.1])).toThrow(/expected a swaLr for each of the 2 parameter groups, got 1/);
    expect(() => new SWALR(sgd(), 0.1, { annealEpochs: -1 })).toThrow(/annealEpochs must be a whole number/);
    expect(() => new SWALR(sgd(), 0.1, { annealStrategy: "sin" as "cos" })).toThrow(/"cos" or "linear", got "sin"/);
  });
});
