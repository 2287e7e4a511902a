import "@kindling/autograd";
import { describe, expect, it } from "vitest";
import { Adam, type AdamOptions, AdamW } from "../src/index.js";
import { parameter, setGrad } from "./parameter.js";

/** Where a parameter of 1 is after each step, with a gradient of 3, then 1, 1 and so on. */
function path(make: typeof Adam, options: Partial<AdamOptions>, steps: number): number[] {
  const p = parameter(1);
  const adam = new make([p], { lr: 0.1, ...options });
  return Array.from({ length: steps }, (_, step) => {
    setGrad(p, step === 0 ? 3 : 1);
    adam.step();
    return Number(p.item().toFixed(10));
  });
}

describe("Adam", () => {
  it("takes a first step of lr whatever the gradient's size", () => {
    const p = parameter(1);
    setGrad(p, 123);
    new Adam([p], { lr: 0.01 }).step();
    expect(p.item()).toBeCloseTo(0.99, 9);
  });

  // The numbers are PyTorch's.
  it("takes PyTorch's steps", () => {
    expect(path(Adam, {}, 3)).toEqual([0.9000000003, 0.8128936057, 0.7294215857]);
    expect(path(Adam, { betas: [0.5, 0.75], eps: 0.1 }, 3)).toEqual([0.9032258065, 0.8276200307, 0.7568354346]);
  });

  it("adds the parameter to its gradient with weight decay", () => {
    expect(path(Adam, { weightDecay: 0.5, betas: [0.5, 0.75] }, 2)).toEqual([0.9000000003, 0.8160093834]);
  });

  it("divides by the largest mean square with amsgrad", () => {
    const [, , plain] = path(Adam, { betas: [0.5, 0.5] }, 3);
    const [, , amsgrad] = path(Adam, { betas: [0.5, 0.5], amsgrad: true }, 3);
    expect([plain, amsgrad]).toEqual([0.7251301668, 0.7752639482]);
  });

  it("goes up to maximize", () => {
    expect(path(Adam, { maximize: true }, 1)).toEqual([1.0999999997]);
  });

  it("names its state as PyTorch does", () => {
    const p = parameter(1);
    const adam = new Adam([p], { amsgrad: true });
    setGrad(p, 1);
    adam.step();
    expect(Object.keys(adam.stateDict().state[0] ?? {})).toEqual(["step", "expAvg", "expAvgSq", "maxExpAvgSq"]);
    expect(adam.stateDict().state[0]?.step).toBe(1);
  });

  it("refuses to go on from another optimizer's state", () => {
    const p = parameter(1);
    const adam = new Adam([p]);
    const { paramGroups } = adam.stateDict();
    adam.loadStateDict({ state: { 0: { momentumBuffer: parameter(1) } }, paramGroups });
    setGrad(p, 1);
    expect(() => adam.step()).toThrow(/Adam: the state of a parameter lacks expAvg/);
    expect(p.item()).toBe(1);
  });

  it.each<[RegExp, Partial<AdamOptions>]>([
    [/Adam: lr must be a finite number/, { lr: -1 }],
    [/Adam: eps must be a finite number/, { eps: -1 }],
    [/Adam: weightDecay must be a finite number/, { weightDecay: -1 }],
    [/Adam: betas must be two numbers of at least 0 and below 1, got 1, 0.9/, { betas: [1, 0.9] }],
    [/Adam: betas must be two numbers/, { betas: [0.9, -0.1] }],
    [/Adam: betas must be two numbers/, { betas: [0.9] as unknown as [number, number] }],
  ])("refuses bad options: %s", (message, options) => {
    expect(() => new Adam([parameter(1)], options)).toThrow(message);
  });
});

describe("AdamW", () => {
  it("shrinks the parameter itself, by 0.01 · lr unless told otherwise", () => {
    const p = parameter(2);
    setGrad(p, 0);
    new AdamW([p], { lr: 0.1, weightDecay: 0.5 }).step();
    expect(p.item()).toBeCloseTo(1.9, 12);
    expect(new AdamW([p]).paramGroups[0]?.weightDecay).toBe(0.01);
  });

  it("takes PyTorch's steps", () => {
    expect(path(AdamW, { weightDecay: 0.5 }, 3)).toEqual([0.8500000003, 0.7203936056, 0.6009019054]);
  });

  it("says its own name in errors", () => {
    expect(() => new AdamW([parameter(1)], { eps: -1 })).toThrow(/^AdamW: eps/);
  });
});
