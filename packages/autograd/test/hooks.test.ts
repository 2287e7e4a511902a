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
