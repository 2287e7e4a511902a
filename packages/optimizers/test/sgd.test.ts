import "@kindling/autograd";
import { describe, expect, it } from "vitest";
import { SGD, type SGDOptions } from "../src/index.js";
import { parameter, setGrad } from "./parameter.js";

/** Where a parameter of 1 is after each step, with a gradient of 1 every time. */
function path(options: Partial<SGDOptions>, steps: number): number[] {
  const p = parameter(1);
  const sgd = new SGD([p], { lr: 0.5, ...options });
  return Array.from({ length: steps }, () => {
    setGrad(p, 1);
    sgd.step();
    return p.item();
  });
}

describe("SGD", () => {
  it("moves against the gradient", () => {
    expect(path({}, 2)).toEqual([0.5, 0]);
  });

  it("needs a learning rate, of every group or of all", () => {
    expect(() => new SGD([parameter(1)])).toThrow(/SGD: a parameter group has no lr; give it one/);
    expect(new SGD([{ params: [parameter(1)], lr: 0.1 }]).paramGroups[0]?.lr).toBe(0.1);
  });

  it("keeps a velocity, whose first value is the gradient itself", () => {
    // velocities 1, 1.5 and 1.75
    expect(path({ momentum: 0.5 }, 3)).toEqual([0.5, -0.25, -1.125]);
    // velocities 1 and 0.5 + 0.25
    expect(path({ momentum: 0.5, dampening: 0.75 }, 2)).toEqual([0.5, 0.125]);
  });

  it("looks ahead with nesterov", () => {
    // steps 1 + 0.5 · 1 and 1 + 0.5 · 1.5
    expect(path({ momentum: 0.5, nesterov: true }, 2)).toEqual([0.25, -0.625]);
  });

  it("adds the parameter to its gradient with weight decay", () => {
    expect(path({ weightDecay: 0.5 }, 2)).toEqual([0.25, -0.3125]);
  });

  it("goes up to maximize, and still shrinks with weight decay", () => {
    expect(path({ maximize: true }, 1)).toEqual([1.5]);
    expect(path({ maximize: true, weightDecay: 0.5 }, 1)).toEqual([1.25]);
  });

  it("leaves a parameter without gradient, and its velocity, alone", () => {
    const [a, b] = [parameter(1), parameter(1)];
    const sgd = new SGD([a, b], { lr: 0.5, momentum: 0.5 });
    setGrad(a, 1);
    sgd.step();
    expect([a.item(), b.item()]).toEqual([0.5, 1]);
    expect([sgd.state.has(a), sgd.state.has(b)]).toEqual([true, false]);
  });

  it.each<[RegExp, Partial<SGDOptions>]>([
    [/SGD: lr must be a finite number of at least 0, got -1/, { lr: -1 }],
    [/SGD: lr must be a finite number of at least 0, got NaN/, { lr: Number.NaN }],
    [/SGD: lr must be a finite number of at least 0, got Infinity/, { lr: Number.POSITIVE_INFINITY }],
    [/SGD: lr must be a finite number of at least 0, got 0.1/, { lr: "0.1" as unknown as number }],
    [/SGD: momentum must be a finite number/, { momentum: -0.1 }],
    [/SGD: weightDecay must be a finite number/, { weightDecay: -0.1 }],
    [/nesterov needs a momentum and zero dampening/, { nesterov: true }],
    [/nesterov needs a momentum and zero dampening/, { nesterov: true, momentum: 0.9, dampening: 0.1 }],
  ])("refuses bad options: %s", (message, options) => {
    expect(() => new SGD([parameter(1)], { lr: 0.1, ...options })).toThrow(message);
  });
});
