import { type Tensor, tensor } from "@kindling/tensor";
import "@kindling/autograd";
import { describe, expect, it } from "vitest";
import { LBFGS, SGD } from "../src/index.js";

const weight = (): Tensor => tensor([1, -2], { dtype: "float32", requiresGrad: true });

describe("hooks of an optimizer", () => {
  it("see a step before and after it, in order, until they are removed", () => {
    const parameter = weight();
    const sgd = new SGD([parameter], { lr: 0.5 });
    const seen: string[] = [];
    const note = (text: string) => () => {
      seen.push(`${text} ${parameter.select(0, 0).item()}`);
      return undefined;
    };
    const before = sgd.registerStepPreHook(note("before"));
    sgd.registerStepPreHook(note("first"), { prepend: true });
    sgd.registerStepPostHook(note("after"));
    parameter.sum().backward();
    sgd.step();
    before.remove();
    sgd.step();
    expect(seen).toEqual(["first 1", "before 1", "after 0.5", "first 0.5", "after 0"]);
  });

  it("may give another closure, to optimizers that call it often too", () => {
    const parameter = weight();
    const lbfgs = new LBFGS([parameter], { maxIter: 1 });
    let calls = 0;
    lbfgs.registerStepPreHook((_optimizer, closure) => () => {
      calls++;
      return closure?.();
    });
    const loss = lbfgs.step(() => {
      lbfgs.zeroGrad();
      const value = parameter.square().sum();
      value.backward();
      return value;
    });
    expect(loss.item()).toBe(5);
    expect(calls).toBeGreaterThan(0);
  });

  it("see, and may replace, the state that is told and loaded", () => {
    const sgd = new SGD([weight()], { lr: 0.5 });
    const order: string[] = [];
    sgd.registerStateDictPreHook(() => void order.push("tell"));
    sgd.registerStateDictPostHook((_optimizer, told) => ({ ...told, state: {} }));
    sgd.registerLoadStateDictPreHook((_optimizer, given) => {
      const paramGroups = given.paramGroups.map((group) => ({ ...group, lr: 0.25 }));
      return { ...given, paramGroups };
    });
    sgd.registerLoadStateDictPostHook((optimizer) => void order.push(`rate ${optimizer.paramGroups[0]?.lr}`));
    sgd.loadStateDict(sgd.stateDict());
    expect(order).toEqual(["tell", "rate 0.25"]);
  });
});
