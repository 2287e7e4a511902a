import { dropout, manualSeed, noGrad, rand, randn, type Tensor, tensor, UsageError } from "@kindling/tensor";
import { beforeEach, describe, expect, it, test } from "vitest";
import * as autograd from "../src/index.js";
import { checkpoint, checkpointSequential, grad, gradcheck } from "../src/index.js";

const leaf = (...shape: number[]): Tensor => randn(shape, { dtype: "float64", requiresGrad: true });

/** The gradients that `body` leaves in `leaves`. */
function gradientsOf(body: () => Tensor, leaves: readonly Tensor[]): unknown[] {
  for (const one of leaves) one.grad = null;
  manualSeed(3);
  body().backward();
  return leaves.map((one) => one.grad?.toArray());
}

let x: Tensor;
let w: Tensor;
let calls: number;
beforeEach(() => {
  manualSeed(1);
  x = leaf(4, 5);
  w = leaf(5, 5);
  calls = 0;
});
const block = (input: Tensor): Tensor => {
  calls++;
  return input.matmul(w).tanh().matmul(w.exp()).sigmoid();
};

describe("checkpoint", () => {
  it("gives the gradients of its inputs and of the parameters used inside, running the function again", () => {
    const plain = gradientsOf(() => block(block(x)).square().sum(), [x, w]);
    calls = 0;
    const checked = gradientsOf(() => checkpoint(block, checkpoint(block, x)).square().sum(), [x, w]);
    expect(checked).toEqual(plain);
    expect(calls).toBe(4);
  });

  it("gives parameters their gradients where no input wants one", () => {
    const constant = x.detach();
    const plain = gradientsOf(() => block(constant).sum(), [w]);
    expect(gradientsOf(() => checkpoint(block, constant).sum(), [w])).toEqual(plain);
  });

  it("takes and gives several tensors, nested ones and other values", () => {
    const fn = (
      { a, rest }: { a: Tensor; rest: [Tensor, number] },
      scale: number,
    ): { sum: Tensor; both: [Tensor, Tensor] } => {
      const sum = a.mul(rest[0]).mul(rest[1] * scale);
      return { sum: sum.exp(), both: [a.sin(), rest[0].sin()] };
    };
    const total = ({ sum, both }: ReturnType<typeof fn>): Tensor => sum.sum().add(both[0].mul(both[1]).sum());
    const y = leaf(4, 5);
    const plain = gradientsOf(() => total(fn({ a: x, rest: [y, 0.5] }, 2)), [x, y]);
    expect(gradientsOf(() => total(checkpoint(fn, { a: x, rest: [y, 0.5] }, 2)), [x, y])).toEqual(plain);
  });

  it("can be nested", () => {
    const plain = gradientsOf(() => block(block(block(x))).sum(), [x, w]);
    const inner = (input: Tensor): Tensor => checkpoint(block, input).sin();
    const outer = (input: Tensor): Tensor => checkpoint((z) => checkpoint(inner, block(z)), input);
    const want = gradientsOf(() => block(block(x)).sin().sum(), [x, w]);
    expect(gradientsOf(() => outer(x).sum(), [x, w])).toEqual(want);
    expect(want).not.toEqual(plain);
  });

  it("draws the same dropout masks both times, and leaves the generator where it was", () => {
    const drop = (input: Tensor): Tensor => dropout(dropout(input.mul(w), 0.5).exp(), 0.5);
    const square = leaf(5, 5);
    const plain = gradientsOf(() => drop(square).square().sum(), [square, w]);
    const after = rand([3]).toArray();
    expect(gradientsOf(() => checkpoint(drop, square).square().sum(), [square, w])).toEqual(plain);
    expect(rand([3]).toArray()).toEqual(after);
  });

  it("draws other masks if told not to keep the state", () => {
    const drop = (input: Tensor): Tensor => dropout(input.exp(), 0.5);
    const big = leaf(40, 40);
    const plain = gradientsOf(() => drop(big).sum(), [big]);
    expect(gradientsOf(() => checkpoint(drop, big, { preserveRngState: false }).sum(), [big])).not.toEqual(plain);
  });

  it("works with grad, retainGraph and createGraph", () => {
    const y = checkpoint(block, x).square().sum();
    const [first] = grad(y, x, { retainGraph: true });
    expect(grad(y, x)[0].toArray()).toEqual(first.toArray());
    expect(gradcheck((a, b) => checkpoint((c) => c.mul(b).tanh().mul(b), a), [leaf(3), leaf(3)])).toBe(true);
    const slope = (a: Tensor, b: Tensor): Tensor => {
      const out = checkpoint((c) => c.mul(b).tanh().mul(b), a);
      return grad(out.square().sum(), [a, b], { createGraph: true })
        .map((part) => part.square().sum())
        .reduce((sum, part) => sum.add(part));
    };
    expect(gradcheck(slope, [leaf(3), leaf(3)])).toBe(true);
  });

  it("allows gradients inside the function", () => {
    const penalty = (input: Tensor): Tensor => {
      const out = input.tanh().mul(w).exp();
      return grad(out.sum(), input, { createGraph: true })[0].square().sum().add(out.sum());
    };
    const square = leaf(5, 5);
    const plain = gradientsOf(() => penalty(square), [square, w]);
    expect(gradientsOf(() => checkpoint(penalty, square), [square, w])).toEqual(plain);
  });

  it("saves custom functions' tensors, inputs and outputs alike, and views written in place", () => {
    class Scaled extends autograd.Function {
      static override forward(context: autograd.FunctionContext, a: Tensor): Tensor {
        const y = a.exp();
        context.saveForBackward(a, y);
        return y;
      }
      static override backward(context: autograd.FunctionContext, g: Tensor): Tensor {
        const [, y] = context.savedTensors as [Tensor, Tensor];
        return g.mul(y);
      }
    }
    const fn = (input: Tensor): Tensor => {
      const copy = Scaled.apply(input.sin()).clone();
      copy.select(0, 1).mul_(w.select(0, 0));
      return copy.square();
    };
    const plain = gradientsOf(() => fn(x).sum(), [x, w]);
    expect(gradientsOf(() => checkpoint(fn, x).sum(), [x, w])).toEqual(plain);
  });

  it("calls no hook twice that the function puts on its input", () => {
    let seen = 0;
    const watching = (input: Tensor): Tensor => {
      input.registerHook(() => void seen++);
      return block(input);
    };
    checkpoint(watching, x.mul(1)).sum().backward();
    expect(seen).toBe(1);
  });

  it("only runs the function where nothing is recorded", () => {
    const y = noGrad(() => checkpoint(block, x));
    expect(y.requiresGrad).toBe(false);
    expect(calls).toBe(1);
  });

  it("says so when the second run is another, or an input was written", () => {
    let depth = 1;
    const growing = (input: Tensor): Tensor => {
      let value = input;
      for (let i = 0; i < depth; i++) value = value.exp();
      depth++;
      return value;
    };
    const grown = checkpoint(growing, x).sum();
    expect(() => grown.backward()).toThrow(/saved 1 tensors for backward in the first run and 2 in the second/);
    let size = 4;
    const shrinking = (input: Tensor): Tensor => input.narrow(0, 0, size--).exp().sum();
    const shrunk = checkpoint(shrinking, x);
    expect(() => shrunk.backward()).toThrow(/float64 \[4, 5\] in the first run and is float64 \[3, 5\]/);
    const input = x.mul(1);
    const y = checkpoint(block, input).sum();
    input.add_(1);
    expect(() => y.backward()).toThrow(/checkpoint: .*modified by an inplace operation/);
  });
});

describe("checkpointSequential", () => {
  const stages = [block, (input: Tensor) => input.sin(), { forward: block }, block, block];

  it("gives the same gradients, with one more run of all segments but the last", () => {
    const through = (input: Tensor): Tensor => block(block(block(block(input).sin())));
    const plain = gradientsOf(() => through(x).sum(), [x, w]);
    for (const [segments, runs] of [
      [1, 4],
      [2, 5],
      [5, 7],
    ] as const) {
      calls = 0;
      expect(gradientsOf(() => checkpointSequential(stages, segments, x).sum(), [x, w])).toEqual(plain);
      expect(calls).toBe(runs);
    }
  });

  it("refuses a number of segments that there cannot be", () => {
    for (const segments of [0, 6, 1.5]) {
      expect(() => checkpointSequential(stages, segments, x)).toThrow(UsageError);
    }
  });
});

test("what was saved is read by checkpoints, hooks and plain graphs alike", () => {
  const a = tensor([0.5, 1], { dtype: "float64", requiresGrad: true });
  const y = autograd.savedTensorsHooks(
    (saved) => saved.neg(),
    (packed) => packed.neg(),
    () => checkpoint((input) => input.exp().mul(a), a.sin()).sum(),
  );
  const [slope] = grad(y, a);
  const want = grad(a.sin().exp().mul(a).sum(), a)[0];
  expect(slope.toArray()).toEqual(want.toArray());
});
