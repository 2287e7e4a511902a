import "@kindling/autograd";
import { ones, type Tensor, tensor } from "@kindling/tensor";
import { describe, expect, it } from "vitest";
import { Adam, AdamW, clipGradNorm_, SGD } from "../src/index.js";

function parameter(...values: number[]): Tensor {
  return tensor(values, { dtype: "float64", requiresGrad: true });
}

describe("SGD", () => {
  it("moves against the gradient, with momentum", () => {
    const p = parameter(1, 2);
    const sgd = new SGD([p], { lr: 0.1, momentum: 0.5 });
    for (let i = 0; i < 2; i++) {
      sgd.zeroGrad();
      p.sum().backward();
      sgd.step();
    }
    // velocities 1 and 1.5
    expect((p.toArray() as number[]).map((x) => Number(x.toFixed(12)))).toEqual([0.75, 1.75]);
  });

  it("refuses bad options, no parameters and doubles", () => {
    const p = parameter(1);
    expect(() => new SGD([p], { lr: -1 })).toThrow(/lr must be at least 0/);
    expect(() => new SGD([])).toThrow(/empty parameter list/);
    expect(() => new SGD([p, p])).toThrow(/more than once/);
    expect(() => new SGD([p.mul(2)])).toThrow(/non-leaf/);
  });

  it("goes on from a loaded state as if it had never stopped", () => {
    const [a, b] = [parameter(1), parameter(1)];
    const [first, second] = [new SGD([a], { lr: 0.1, momentum: 0.9 }), new SGD([b], { lr: 0.3 })];
    a.grad = ones([1], { dtype: "float64" });
    b.grad = ones([1], { dtype: "float64" });
    first.step();
    b.detach().copy_(a.detach());
    second.loadStateDict(first.stateDict());
    first.step();
    second.step();
    expect(b.item()).toBe(a.item());
  });
});

describe("Adam", () => {
  it("takes a first step of lr whatever the gradient's size", () => {
    const p = parameter(1);
    p.grad = tensor([123], { dtype: "float64" });
    new Adam([p], { lr: 0.01 }).step();
    expect(p.item()).toBeCloseTo(0.99, 9);
  });

  it("shrinks the parameter itself as AdamW", () => {
    const p = parameter(2);
    p.grad = tensor([0], { dtype: "float64" });
    new AdamW([p], { lr: 0.1, weightDecay: 0.5 }).step();
    expect(p.item()).toBeCloseTo(1.9, 12);
  });
});

describe("clipGradNorm_", () => {
  it("returns the norm and scales the gradients to the limit", () => {
    const p = parameter(0, 0);
    p.grad = tensor([3, 4], { dtype: "float64" });
    expect(clipGradNorm_([p], 1)).toBeCloseTo(5, 12);
    expect(p.grad?.norm().item()).toBeCloseTo(1, 5);
  });
});
