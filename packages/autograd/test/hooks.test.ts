import { type Tensor, tensor } from "@kindling/tensor";
import { expect, test } from "vitest";
// biome-ignore lint/suspicious/noShadowRestrictedNames: the name is fixed by PyTorch.
import { Function, type FunctionContext, grad } from "../src/index.js";

const leaf = () => tensor([1, 2], { dtype: "float32", requiresGrad: true });

test("a hook on a tensor between loss and leaf sees its gradient and may replace it", () => {
  const x = leaf();
  const y = x.mul(3);
  const seen: unknown[] = [];
  y.registerHook((g) => {
    seen.push(g.toArray());
    return g.mul(10);
  });
  y.square().sum().backward();
  expect(seen).toEqual([[6, 12]]);
  expect(x.grad?.toArray()).toEqual([180, 360]);
});

test("a hook stays when the tensor itself is no longer referenced", () => {
  const x = leaf();
  let calls = 0;
  const watched = (): Tensor => {
    const y = x.mul(3);
    y.registerHook(() => {
      calls++;
      return undefined;
    });
    return y.sum();
  };
  watched().backward();
  expect(calls).toBe(1);
});

test("a removed hook is not called, hooks on a leaf and on the root are", () => {
  const x = leaf();
  const calls: string[] = [];
  const note = (name: string) => () => {
    calls.push(name);
    return undefined;
  };
  x.registerHook(note("leaf"));
  x.registerHook(note("removed")).remove();
  const loss = x.sum();
  loss.registerHook(note("root"));
  loss.backward();
  expect(calls).toEqual(["root", "leaf"]);
});

test("retainGrad keeps and accumulates the gradient of a tensor that is no leaf", () => {
  const x = leaf();
  const y = x.mul(3);
  y.retainGrad();
  const loss = y.square().sum();
  loss.backward(null, { retainGraph: true });
  loss.backward();
  expect(y.grad?.toArray()).toEqual([12, 24]);
});

test("a function that returns its argument keeps the argument's own history", () => {
  class Reverse extends Function {
    static override forward(_context: FunctionContext, x: Tensor): Tensor {
      return x;
    }
    static override backward(_context: FunctionContext, g: Tensor): Tensor {
      return g.neg();
    }
  }
  const x = leaf();
  const y = Reverse.apply(x);
  expect(x.isLeaf).toBe(true);
  expect(grad(y.sum(), x)[0]?.toArray()).toEqual([-1, -1]);
});

test("a hook of a leaf runs after its gradient has been added, and may forget it", () => {
  const [x, unused] = [leaf(), leaf()];
  const seen: unknown[] = [];
  const handle = x.registerPostAccumulateGradHook((own) => {
    seen.push(own.grad?.toArray());
    own.grad = null;
  });
  unused.registerPostAccumulateGradHook(() => seen.push("unused"));
  const step = (): void => x.mul(3).sum().add(x.sum()).backward();
  step();
  step();
  expect(seen).toEqual([
    [4, 4],
    [4, 4],
  ]);
  expect(x.grad).toBeNull();
  handle.remove();
  step();
  expect(x.grad?.toArray()).toEqual([4, 4]);
  expect(seen.length).toBe(2);
});

test("a hook after accumulation steps an optimizer while backward goes on", () => {
  const x = leaf();
  x.registerPostAccumulateGradHook((own) => {
    own.sub_((own.grad as Tensor).mul(0.5));
    own.grad = null;
  });
  x.square().sum().backward();
  expect(x.toArray()).toEqual([0, 0]);
});

test("hooks after accumulation are for leaves that require grad", () => {
  const hook = (): void => {};
  expect(() => tensor([1]).registerPostAccumulateGradHook(hook)).toThrow(/does not require grad/);
  expect(() => leaf().mul(2).registerPostAccumulateGradHook(hook)).toThrow(/only leaves/);
});

test("retainsGrad tells whether a tensor that is no leaf keeps its gradient", () => {
  const x = leaf();
  const y = x.mul(2);
  x.retainGrad();
  expect([x.retainsGrad, y.retainsGrad, tensor([1]).retainsGrad]).toEqual([false, false, false]);
  y.retainGrad();
  expect(y.retainsGrad).toBe(true);
});

test("nextFunctions lead from a result to the leaves that it was made from", () => {
  const [x, constant] = [leaf(), tensor([1, 2], { dtype: "float32" })];
  const y = constant.mul(x.exp()).sum();
  expect(y.gradFn?.name).toBe("sum");
  const [[mul, output] = []] = y.gradFn?.nextFunctions ?? [];
  expect([mul?.name, output]).toEqual(["mul", 0]);
  const [[none] = [], [exp] = []] = mul?.nextFunctions ?? [];
  expect([none, exp?.name]).toEqual([null, "exp"]);
  const end = exp?.nextFunctions[0]?.[0];
  expect(end?.name).toBe("accumulateGrad");
  expect(end?.variable).toBe(x);
  expect(end?.nextFunctions).toEqual([]);
  const [, second] = tensor([[1, 2]], { dtype: "float32", requiresGrad: true }).unbind(1);
  expect(second?.exp().gradFn?.nextFunctions[0]?.[1]).toBe(1);
});

test("backward with inputs adds to their gradients alone, leaves or not", () => {
  const [x, w] = [leaf(), leaf()];
  const y = x.mul(3);
  const loss = y.square().mul(w).sum();
  loss.backward(null, { inputs: [w, y], retainGraph: true });
  expect([x.grad, y.grad?.toArray(), w.grad?.toArray()]).toEqual([null, [6, 24], [9, 36]]);
  loss.backward(null, { inputs: w });
  expect(w.grad?.toArray()).toEqual([18, 72]);
  expect(() => x.sum().backward(null, { inputs: [] })).toThrow(/must not be empty/);
  expect(() => x.sum().backward(null, { inputs: tensor([1]) })).toThrow(/input 0 does not require grad/);
});

test("grad takes one gradOutputs without a list, and gives zeros for unused inputs if asked to", () => {
  const [x, unused] = [leaf(), leaf()];
  const [dx, none] = grad(x.square(), [x, unused], { gradOutputs: x.detach(), materializeGrads: true });
  expect([dx.toArray(), none.toArray()]).toEqual([
    [2, 8],
    [0, 0],
  ]);
});
