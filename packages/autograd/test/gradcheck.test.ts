import { manualSeed, randn, type Tensor, tensor, UsageError } from "@kindling/tensor";
import { beforeEach, describe, expect, it } from "vitest";
import * as autograd from "../src/index.js";
import { gradcheck, gradgradcheck } from "../src/index.js";

let x: Tensor;
beforeEach(() => {
  manualSeed(4);
  x = randn([2, 3], { dtype: "float64", requiresGrad: true });
});

/** `x³` whose derivative is off by `error` at one element. */
function cube(error: number, slope = (input: Tensor): Tensor => input.square().mul(3)) {
  return class Cube extends autograd.Function {
    static override forward(context: autograd.FunctionContext, input: Tensor): Tensor {
      context.saveForBackward(input);
      return input.pow(3);
    }
    static override backward(context: autograd.FunctionContext, g: Tensor): Tensor {
      const [input] = context.savedTensors as [Tensor];
      const wrong = tensor([
        [0, 0, 0],
        [0, 0, error],
      ]);
      return g.mul(slope(input).add(wrong));
    }
  };
}

describe("gradcheck", () => {
  it("accepts functions of several outputs and inputs, some of them integers or constants", () => {
    const constant = randn([3], { dtype: "float64" });
    const fn = (a: Tensor, b: Tensor): Tensor[] => [a.mul(b).tanh(), a.argmax(1), b, a.sum()];
    expect(gradcheck(fn, [x, constant])).toBe(true);
    expect(gradcheck(fn, [x, constant], { fastMode: true })).toBe(true);
  });

  it("names the elements whose derivative differs", () => {
    const fn = (a: Tensor): Tensor[] => [a, cube(0.1).apply(a)];
    expect(() => gradcheck(fn, [x])).toThrow(
      /output 1, element 5, by input 0, element 5: derivative says .*, central difference/,
    );
    expect(() => gradcheck(fn, [x], { fastMode: true })).toThrow(/output 1 by input 0, all elements together/);
    expect(gradcheck(fn, [x], { raiseException: false })).toBe(false);
    expect(gradcheck(fn, [x], { atol: 0.2 })).toBe(true);
  });

  it("finds a gradient that flows to the wrong element", () => {
    class Swapped extends autograd.Function {
      static override forward(_context: autograd.FunctionContext, a: Tensor): Tensor {
        return a.mul(2);
      }
      static override backward(_context: autograd.FunctionContext, g: Tensor): Tensor {
        return g.mul(2).flip([1]);
      }
    }
    expect(() => gradcheck((a) => Swapped.apply(a), [x])).toThrow(
      /element 0, by input 0, element 0: derivative says 0/,
    );
  });

  it("finds a backward that gives something else the second time", () => {
    let runs = 0;
    const fn = (a: Tensor): Tensor => cube(0, (input) => input.square().mul(3 + 1e-9 * runs++)).apply(a);
    expect(() => gradcheck(fn, [x])).toThrow(/not reproducible/);
    expect(gradcheck(fn, [x], { nondetTol: 1e-6 })).toBe(true);
  });

  it("leaves the inputs as they were, and wants float64 that require grad", () => {
    const before = x.toArray();
    gradcheck((a) => a.exp(), [x]);
    expect(x.toArray()).toEqual(before);
    expect(x.grad).toBeNull();
    expect(() => gradcheck((a) => a, [x.detach()])).toThrow(UsageError);
    expect(() => gradcheck((a) => a, [tensor([0.5], { requiresGrad: true })])).toThrow(/must be float64, got float32/);
  });
});

describe("gradgradcheck", () => {
  it("compares second derivatives, by the incoming gradients too", () => {
    expect(gradgradcheck((a) => [a.tanh(), a.prod()], [x])).toBe(true);
    expect(gradgradcheck((a) => a.mul(2), [x])).toBe(true);
    const start = randn([2, 3], { dtype: "float64" });
    expect(gradgradcheck((a) => a.tanh(), [x], [start], { fastMode: true })).toBe(true);
  });

  it("finds a derivative whose own derivative is wrong", () => {
    const detached = (a: Tensor): Tensor => cube(0, (input) => input.detach().square().mul(3)).apply(a);
    expect(gradcheck(detached, [x])).toBe(true);
    expect(() => gradgradcheck(detached, [x])).toThrow(/by input 0/);
  });
});
