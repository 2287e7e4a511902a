import { manualSeed, noGrad, randn, ShapeError, type Tensor, tensor, UsageError } from "@kindling/tensor";
import { beforeEach, describe, expect, expectTypeOf, it } from "vitest";
import { func, grad, hessian, jacobian } from "../src/index.js";
import { expectClose } from "./close.js";

let x: Tensor;
let y: Tensor;
beforeEach(() => {
  manualSeed(8);
  x = randn([2, 3], { dtype: "float64" });
  y = randn([3], { dtype: "float64" });
});

const loss = (a: Tensor, b: Tensor): Tensor => a.mul(b).tanh().sum().mul(b.prod());

describe("func.grad", () => {
  it("is the gradient by the arguments that argnums tells, in their nesting", () => {
    const leaves = [x.clone().requiresGrad_(), y.clone().requiresGrad_()] as const;
    const [dx, dy] = grad(loss(...leaves), leaves);
    expectClose(func.grad(loss)(x, y), dx);
    expectClose(func.grad(loss, { argnums: 1 })(x, y), dy);
    expectClose(func.grad(loss, { argnums: -1 })(x, y), dy);
    const both = func.grad(loss, { argnums: [1, 0] })(x, y);
    expectTypeOf(both).toEqualTypeOf<[Tensor, Tensor]>();
    expectClose(both[0], dy);
    expectClose(both[1], dx);
    const nested = func.grad((p: { a: Tensor; rest: [Tensor] }) => loss(p.a, p.rest[0]))({ a: x, rest: [y] });
    expectClose(nested.a, dx);
    expectClose(nested.rest[0], dy);
    expect([dx, func.grad(loss)(...leaves), leaves[0].grad].map((t) => t?.requiresGrad ?? null)).toEqual([
      false,
      true,
      null,
    ]);
  });

  it("gives derivatives of derivatives, each level by its own variable", () => {
    const cube = (a: Tensor): Tensor => a.pow(3);
    const at = tensor(2, { dtype: "float64" });
    expect(func.grad(func.grad(cube))(at).item()).toBeCloseTo(12);
    expect(
      func
        .grad(func.grad(func.grad(cube)))(at)
        .item(),
    ).toBeCloseTo(6);
    // d/dx (x · d/dy (x + y)) = 1: the inner level must not see the outer variable.
    const confused = (a: Tensor): Tensor => a.mul(func.grad((b: Tensor) => a.add(b))(tensor(1, { dtype: "float64" })));
    expect(func.grad(confused)(at).item()).toBeCloseTo(1);
  });

  it("goes through to tensors outside that want gradients, and has no history where none do", () => {
    const w = y.clone().requiresGrad_();
    const slope = func.grad((a: Tensor) => a.mul(w).square().sum())(x);
    const [through] = grad(slope.sum(), w);
    expectClose(through, x.sum(0).mul(w.detach()).mul(4));
    expect(func.grad((a: Tensor) => a.square().sum())(x).requiresGrad).toBe(false);
    noGrad(() => {
      const inside = func.grad((a: Tensor) => a.mul(w).square().sum())(x);
      expectClose(inside, slope.detach());
      expect(inside.requiresGrad).toBe(false);
    });
    expect(w.grad).toBeNull();
  });

  it("gives zeros for what is not used, and hands more results on", () => {
    expectClose(func.grad((_: Tensor, b: Tensor) => b.sum())(x, y), x.mul(0));
    const [slope, more] = func.grad((a: Tensor) => [a.square().sum(), { twice: a.mul(2), name: "n" }] as const, {
      hasAux: true,
    })(y);
    expectClose(slope, y.mul(2));
    expectClose(more.twice, y.mul(2));
    expect([more.name, more.twice.requiresGrad]).toEqual(["n", false]);
  });

  it("says what does not fit", () => {
    expect(() => func.grad((a: Tensor) => a)(y)).toThrow(ShapeError);
    expect(() => func.grad((_: Tensor) => 3 as unknown as Tensor)(y)).toThrow(/must return a tensor, got number/);
    expect(() => func.grad(loss, { argnums: 2 })(x, y)).toThrow(/argnums has 2, but there are 2 arguments/);
    expect(() => func.grad((a: number) => tensor(a))(3)).toThrow(UsageError);
  });
});

describe("func.gradAndValue", () => {
  it("gives both, and more where fn does", () => {
    const [slope, value] = func.gradAndValue(loss)(x, y);
    expectClose(slope, func.grad(loss)(x, y));
    expectClose(value, loss(x, y));
    expect(value.requiresGrad).toBe(false);
    const [, [same, more]] = func.gradAndValue((a: Tensor) => [a.sum(), 7] as const, { hasAux: true })(y);
    expectClose(same, y.sum());
    expect(more).toBe(7);
  });
});

describe("func.vjp and func.jvp", () => {
  const fn = (a: Tensor, b: Tensor): { sum: Tensor; rest: Tensor[] } => ({
    sum: a.mul(b).sin().sum(1),
    rest: [a.sum(0).mul(b)],
  });

  it("are products with the Jacobians", () => {
    const [u, w] = [randn([2], { dtype: "float64" }), randn([3], { dtype: "float64" })];
    const [output, pull] = func.vjp(fn, x, y);
    const leaves = [x.clone().requiresGrad_(), y.clone().requiresGrad_()] as const;
    const { sum, rest } = fn(...leaves);
    expectClose(output.sum, sum.detach());
    expect(output.sum.requiresGrad).toBe(false);
    const want = grad([sum, rest[0] as Tensor], leaves, { gradOutputs: [u, w] });
    for (let again = 0; again < 2; again++) {
      const [forX, forY] = pull({ sum: u, rest: [w] });
      expectClose(forX, want[0]);
      expectClose(forY, want[1]);
    }
    const v = [randn([2, 3], { dtype: "float64" }), randn([3], { dtype: "float64" })] as [Tensor, Tensor];
    const [same, tangent] = func.jvp(fn, [x, y], v);
    expectClose(same.sum, sum.detach());
    const rows = jacobian((a, b) => fn(a, b).sum, [x, y]);
    expectClose(tangent.sum, rows[0].mul(v[0]).sum([1, 2]).add(rows[1].matmul(v[1])));
    expectClose(tangent.rest[0] as Tensor, v[0].sum(0).mul(y).add(x.sum(0).mul(v[1])));
  });

  it("can be differentiated by what they depend on", () => {
    const leaf = y.clone().requiresGrad_();
    const v = y.exp().requiresGrad_();
    expectClose(
      grad(
        func
          .vjp((a: Tensor) => a.pow(3), leaf)[1](v)
          .sum(),
        v,
      )[0],
      y.square().mul(3),
    );
    expectClose(grad(func.jvp((a: Tensor) => a.pow(3), [leaf], [v])[1].sum(), leaf)[0], y.mul(6).mul(v.detach()));
    expect(func.jvp((a: Tensor) => a.pow(3), [y], [y])[1].requiresGrad).toBe(false);
  });

  it("say what does not fit", () => {
    expect(() => func.vjp(fn, x, y)[1]({ sum: y, rest: [] })).toThrow(/v must have 2 tensors.*got 1/);
    expect(() => func.jvp(fn, [x, y], [x] as unknown as [Tensor, Tensor])).toThrow(/tangents must have 2 tensors/);
    expect(() => func.vjp((_: Tensor) => 3, y)).toThrow(/must return tensors/);
  });
});

describe("func.jacrev, func.jacfwd and func.hessian", () => {
  it("agree with each other and with jacobian", () => {
    const fn = (a: Tensor, b: Tensor): Tensor => a.mul(b).tanh().sum(1);
    const [dx, dy] = jacobian(fn, [x, y]);
    for (const jac of [func.jacrev, func.jacfwd]) {
      expectClose(jac(fn)(x, y), dx);
      expectClose(jac(fn, { argnums: 1 })(x, y), dy);
      const [both] = jac((a: Tensor, b: Tensor) => [fn(a, b), b], { argnums: [0, 1] })(x, y) as [
        [Tensor, Tensor],
        unknown,
      ];
      expectClose(both[0], dx);
      expectClose(both[1], dy);
      expect(jac((a: Tensor) => a.narrow(0, 0, 0))(y).shape).toEqual([0, 3]);
      expect(jac((a: { w: Tensor }) => ({ out: a.w.sum() }))({ w: x }).out.w.shape).toEqual([2, 3]);
    }
    expectClose(
      func.hessian(loss, { argnums: 1 })(x, y),
      hessian((b) => loss(x, b), y),
    );
    expectClose(
      func.jacrev(func.jacrev((b: Tensor) => loss(x, b)))(y),
      hessian((b) => loss(x, b), y),
    );
  });

  it("work inside vmap and the other way round", () => {
    const fn = (a: Tensor): Tensor => a.tanh().mul(a.sum());
    const each = func.vmap(func.jacrev(fn))(x);
    expect(each.shape).toEqual([2, 3, 3]);
    expectClose(each.select(0, 1), jacobian(fn, x.select(0, 1)));
    expect(func.jacrev(func.vmap(fn))(x).shape).toEqual([2, 3, 2, 3]);
  });
});
