import {
  manualSeed,
  matmul,
  ones,
  rand,
  randn,
  ShapeError,
  type Tensor,
  tensor,
  UsageError,
  zeros,
} from "@kindling/tensor";
import { beforeEach, describe, expect, it } from "vitest";
import { checkpoint, func, grad, gradcheck, vmap } from "../src/index.js";
import { expectClose } from "./close.js";

let x: Tensor;
let y: Tensor;
beforeEach(() => {
  manualSeed(6);
  x = randn([4, 2, 3], { dtype: "float64" });
  y = randn([4, 3], { dtype: "float64" });
});

describe("vmap", () => {
  it("calls the function for each slice of all inputs and stacks the results", () => {
    expectClose(vmap((a: Tensor, b: Tensor) => a.matmul(b))(x, y), x.matmul(y.unsqueeze(2)).squeeze(2));
    expect(
      vmap((a: Tensor) => a.argmax())(
        tensor([
          [1, 3, 2],
          [9, 1, 1],
        ]),
      ).toArray(),
    ).toEqual([1, 0]);
    expect(vmap((a: Tensor) => a.select(0, 0))(tensor([[true], [false]])).dtype).toBe("bool");
  });

  it("takes samples along any dimension, negative ones too, and puts results along any", () => {
    const swapped = x.permute([1, 2, 0]);
    expectClose(vmap((a: Tensor) => a.exp(), { inDims: 2 })(swapped), x.exp());
    expectClose(vmap((a: Tensor) => a.exp(), { inDims: -1 })(swapped), x.exp());
    expectClose(vmap((a: Tensor) => a.exp(), { inDims: [-1], outDims: -1 })(swapped), swapped.exp());
    expectClose(vmap((a: Tensor) => a.exp(), { outDims: 1 })(x), x.exp().transpose(0, 1));
    const [first, second] = vmap((a: Tensor) => [a, a.sum()], { outDims: [2, 0] })(x) as [Tensor, Tensor];
    expect([first.shape, second.shape]).toEqual([[2, 3, 4], [4]]);
  });

  it("shares inputs of dimension null, tensors or not, and takes nested ones", () => {
    const w = randn([3], { dtype: "float64" });
    const fn = (a: Tensor, { scale, deep: [b, power] }: { scale: Tensor; deep: [Tensor, number] }): Tensor =>
      a.pow(power).mul(scale).sum(1).add(b.sum());
    const got = vmap(fn, { inDims: [0, { scale: null, deep: [0, null] }] })(x, { scale: w, deep: [y, 2] });
    expectClose(
      got,
      x
        .pow(2)
        .mul(w)
        .sum(2)
        .add(y.sum(1, { keepdim: true })),
    );
    const both = vmap((pair: { a: Tensor; b: Tensor }) => ({ sum: pair.a.add(pair.b), list: [pair.a] }))({
      a: x,
      b: x,
    });
    expectClose(both.sum, x.mul(2));
    expectClose(both.list[0] as Tensor, x);
  });

  it("gives a result once that all samples have in common, for outDims null", () => {
    const [same, each] = vmap((a: Tensor, b: Tensor) => [b.exp(), a], { inDims: [0, null], outDims: [null, 0] })(x, y);
    expectClose(same as Tensor, y.exp());
    expectClose(each as Tensor, x);
    expect(() => vmap((a: Tensor) => a, { outDims: null })(x)).toThrow(/not the same for all samples/);
  });

  it("can be nested", () => {
    const outer = vmap(
      vmap((a: Tensor, b: Tensor) => a.mul(b).sum(), { inDims: [0, null] }),
      { inDims: [null, 0] },
    );
    expectClose(outer(y, y), y.matmul(y.t()));
    const dot = (a: Tensor, b: Tensor): Tensor => a.mul(b).sum();
    const product = vmap(vmap(dot, { inDims: [null, 1] }), { inDims: [0, null] });
    expectClose(product(y, x.select(0, 0).t()), matmul(y, x.select(0, 0).t()));
  });

  it("can be differentiated, and gives the gradients of each sample around func.grad", () => {
    const leaf = randn([2, 3], { dtype: "float64", requiresGrad: true });
    expect(gradcheck((a) => vmap((row: Tensor) => row.tanh().mul(row.sum()), { inDims: 1 })(a), [leaf])).toBe(true);
    const loss = (p: { w: Tensor; b: Tensor }, input: Tensor): Tensor => input.matmul(p.w).add(p.b).tanh().sum();
    const params = { w: randn([3, 2], { dtype: "float64", requiresGrad: true }), b: zeros(2, { dtype: "float64" }) };
    const each = vmap(func.grad(loss), { inDims: [null, 0] })(params, y);
    for (let i = 0; i < 4; i++) {
      const [want] = grad(loss(params, y.select(0, i)), params.w);
      expectClose(each.w.select(0, i), want);
    }
    expect(each.b.shape).toEqual([4, 2]);
    const over = func.grad((p: typeof params, input: Tensor) => vmap(loss, { inDims: [null, 0] })(p, input).sum());
    expectClose(over(params, y).w, each.w.sum(0));
  });

  it("works around checkpoints and functions that look at values, and writes through in place", () => {
    const relu = (a: Tensor): Tensor => (a.sum().item() > 0 ? a : a.mul(0));
    const want = x.mul(x.sum([1, 2], { keepdim: true }).gt(0));
    expectClose(vmap((a: Tensor) => checkpoint(relu, a))(x), want);
    const written = zeros(3, 2);
    vmap((row: Tensor, value: Tensor) => row.add_(value))(written, tensor([1, 2, 3]));
    expect(written.toArray()).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
  });

  it("says so if the function draws random numbers, unless told how", () => {
    const noisy = (a: Tensor): Tensor => a.add(rand(2));
    const base = zeros(3, 2);
    expect(() => vmap(noisy)(base)).toThrow(/draws random numbers/);
    const different = vmap(noisy, { randomness: "different" })(base);
    expect(new Set(different.toTypedArray()).size).toBe(6);
    manualSeed(1);
    const [want, after] = [rand(2), rand(1)];
    manualSeed(1);
    const same = vmap(noisy, { randomness: "same" })(base);
    expect(same.toArray()).toEqual([want.toArray(), want.toArray(), want.toArray()]);
    expect(rand(1).toArray()).toEqual(after.toArray());
  });

  it("gives results of no samples their shapes", () => {
    const fn = (a: Tensor, w: Tensor): Tensor[] => [a.matmul(w), a.sum(), w];
    const results = vmap(fn, { inDims: [1, null], outDims: [-1, 0, null] })(zeros(3, 0), ones(3, 5));
    expect(results.map(({ shape }) => shape)).toEqual([[5, 0], [0], [3, 5]]);
  });

  it("says what does not fit", () => {
    const id = (...all: unknown[]): Tensor => all[0] as Tensor;
    const calls: [() => unknown, typeof ShapeError | typeof UsageError, RegExp][] = [
      [() => vmap(id)(x, ones(3)), ShapeError, /same number of samples, got 4, 3/],
      [() => vmap(id, { inDims: 3 })(x), ShapeError, /inDims has 3 for an input of shape \[4, 2, 3\]/],
      [() => vmap(id)(tensor(1)), ShapeError, /shape \[\]/],
      [() => vmap(id)(x, 2), UsageError, /inDims has 0 for an input that is no tensor but number; give null/],
      [() => vmap(id, { inDims: null })(x), UsageError, /at least one must have samples/],
      [() => vmap(id)(), UsageError, /no inputs/],
      [
        () => vmap(id, { inDims: [0] })(x, x),
        UsageError,
        /inDims must be a dimension.*got \[0\] for \[a tensor, a tensor\]/,
      ],
      [() => vmap(id, { inDims: [{ a: 0 }] })([x]), UsageError, /got \{"a":0\} for \[a tensor\]/],
      [() => vmap(id, { outDims: 4 })(x), ShapeError, /outDims has 4 for results of shape \[2, 3\]/],
      [() => vmap(id, { outDims: [0, 0] })(x), UsageError, /outDims must be a dimension/],
      [() => vmap((_: Tensor) => 3)(x), UsageError, /fn must return tensors.*got number/],
      [() => vmap(id, { chunkSize: 0 })(x), UsageError, /chunkSize/],
      [() => vmap(id, { randomness: "sometimes" as "same" })(x), UsageError, /randomness must be/],
    ];
    for (const [call, type, message] of calls) {
      expect(call).toThrow(type);
      expect(call).toThrow(message);
    }
    expectClose(vmap(id, { chunkSize: 3 })(x), x);
  });
});
