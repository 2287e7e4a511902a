import { manualSeed, randn, ShapeError, type Tensor, tensor, UsageError } from "@kindling/tensor";
import { beforeEach, describe, expect, expectTypeOf, it } from "vitest";
import { grad, hessian, hvp, jacobian, jvp, vhp, vjp } from "../src/index.js";
import { expectClose } from "./close.js";

let x: Tensor;
let y: Tensor;
beforeEach(() => {
  manualSeed(5);
  x = randn([2, 3], { dtype: "float64" });
  y = randn([3], { dtype: "float64" });
});

/** Two outputs, [2] and [3], of two inputs. */
const two = (a: Tensor, b: Tensor): Tensor[] => [a.mul(b).tanh().sum(1), a.sum(0).mul(b.exp())];
const one = (a: Tensor, b: Tensor): Tensor => a.mul(b).tanh().sum().mul(b.prod());

describe("jacobian", () => {
  it("is a tensor, or arrays where there are several outputs or inputs", () => {
    const single = jacobian((a) => a.square(), y);
    expectTypeOf(single).toEqualTypeOf<Tensor>();
    expectClose(single, y.mul(2).diag());
    const [[ax, ay], [bx, by]] = jacobian(two, [x, y]) as [[Tensor, Tensor], [Tensor, Tensor]];
    expect([ax, ay, bx, by].map(({ shape }) => shape)).toEqual([
      [2, 2, 3],
      [2, 3],
      [3, 2, 3],
      [3, 3],
    ]);
    expectClose(by, x.sum(0).mul(y.exp()).diag());
    expectClose(ax.select(0, 0).select(0, 1), tensor([0, 0, 0], { dtype: "float64" }));
    expectClose(ax.select(0, 1).select(0, 1), x.select(0, 1).mul(y).tanh().square().rsub(1).mul(y));
  });

  it("of a scalar, of a non-contiguous input and of nothing has the shapes that follow", () => {
    expect(jacobian((a) => a.sum(), y).shape).toEqual([3]);
    expectClose(jacobian((a) => a.mul(2).sum(1), x.t().contiguous().t()).sum(0), x.mul(0).add(2));
    expect(jacobian((a) => a.narrow(0, 0, 0), y).shape).toEqual([0, 3]);
  });

  it("has zeros where nothing depends, which strict forbids", () => {
    expect(jacobian((a) => [a.square(), y], y).map((block) => block.sum().item() !== 0)).toEqual([true, false]);
    expect(() => jacobian((a) => [a.square(), y], y, { strict: true })).toThrow(
      /output 1 does not depend on the inputs/,
    );
    expect(() => jacobian((a) => a.square(), [y, x], { strict: true })).toThrow(/output 0 does not depend on input 1/);
    expect(() => jacobian((a) => a.mul(2), y, { strict: true, createGraph: true })).toThrow(/derivative of output 0/);
    expect(() => jacobian((a) => a, y, { strict: true, vectorize: true })).toThrow(UsageError);
  });

  it("leaves no history, unless a graph is wanted, which reaches the caller's tensors", () => {
    const leaf = y.clone().requiresGrad_();
    expect(jacobian((a) => a.pow(3), leaf).requiresGrad).toBe(false);
    const slopes = jacobian((a) => a.pow(3), leaf, { createGraph: true });
    expectClose(grad(slopes.sum(), leaf)[0], y.mul(6));
    expect(leaf.grad).toBeNull();
  });
});

describe("hessian", () => {
  it("is the Jacobian of the gradient, block by block", () => {
    const curvature = hessian((a) => a.pow(3).sum().add(a.prod()), y);
    expectTypeOf(curvature).toEqualTypeOf<Tensor>();
    expectClose(
      curvature,
      jacobian((a) => grad(a.pow(3).sum().add(a.prod()), a, { createGraph: true })[0], y),
    );
    const [[xx, xy], [yx, yy]] = hessian(one, [x, y]);
    expect([xx, xy, yx, yy].map(({ shape }) => shape)).toEqual([
      [2, 3, 2, 3],
      [2, 3, 3],
      [3, 2, 3],
      [3, 3],
    ]);
    expectClose(xy.permute([2, 0, 1]), yx);
    expectClose(yy, yy.t());
  });

  it("takes one number only, in any shape, and zeros for what is linear", () => {
    expect(hessian((a) => a.sum().reshape([1, 1]), y).toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(() => hessian((a) => a, y)).toThrow(ShapeError);
    expect(() => hessian((a) => a.sum(), y, { strict: true })).toThrow(/strict forbids/);
    const leaf = y.clone().requiresGrad_();
    const third = grad(hessian((a) => a.pow(3).sum(), leaf, { createGraph: true }).sum(), leaf)[0];
    expectClose(third, y.mul(0).add(6));
  });
});

describe("products with vectors", () => {
  it("are the products with the whole matrices", () => {
    const j = jacobian((a) => a.sin().mul(y).sum(1), x);
    const [u, v] = [randn([2], { dtype: "float64" }), randn([2, 3], { dtype: "float64" })];
    const fn = (a: Tensor): Tensor => a.sin().mul(y).sum(1);
    const [out, row] = vjp(fn, x, u);
    expectClose(out, fn(x));
    expectClose(row, u.reshape([2, 1, 1]).mul(j).sum(0));
    const [, column] = jvp(fn, x, v);
    expectClose(column, j.mul(v).sum([1, 2]));
    const h = hessian((a) => fn(a).square().sum(), x);
    const [loss, product] = vhp((a) => fn(a).square().sum(), x, v);
    expectClose(loss, fn(x).square().sum());
    expectClose(product, h.mul(v).sum([2, 3]));
    expectClose(hvp((a) => fn(a).square().sum(), x, v)[1], product);
  });

  it("take and give arrays for several inputs and outputs", () => {
    const [[xx, xy], [yx, yy]] = jacobian(two, [x, y]) as [[Tensor, Tensor], [Tensor, Tensor]];
    const [u, w] = [randn([2], { dtype: "float64" }), randn([3], { dtype: "float64" })];
    const [outputs, [forX, forY]] = vjp(two, [x, y], [u, w]);
    expect(outputs.length).toBe(2);
    expectClose(
      forX,
      xx
        .mul(u.reshape([2, 1, 1]))
        .sum(0)
        .add(yx.mul(w.reshape([3, 1, 1])).sum(0)),
    );
    expectClose(forY, u.matmul(xy).add(w.matmul(yy)));
    const v = [randn([2, 3], { dtype: "float64" }), randn([3], { dtype: "float64" })] as const;
    const [, [first]] = jvp(two, [x, y], v) as [Tensor[], [Tensor, Tensor]];
    expectClose(first, xx.mul(v[0]).sum([1, 2]).add(xy.matmul(v[1])));
  });

  it("need no vector where there is one number", () => {
    expectClose(vjp((a) => a.square().sum(), y)[1], y.mul(2));
    const number = tensor(3, { dtype: "float64" });
    expectClose(jvp((a) => [a.square(), a.mul(y)], number)[1][1] as Tensor, y);
    expect(vhp((a) => a.pow(3), number)[1].item()).toBeCloseTo(18);
    expect(() => vjp((a) => a, y)).toThrow(/v can be left out only where the output is a single tensor of one element/);
    expect(() => jvp((a) => a, y)).toThrow(/the input is a single tensor/);
    expect(() => vjp((a) => a, y, x)).toThrow(/v must have the shapes of the output, \[3\], got \[2, 3\]/);
    expect(() => vhp((a) => a, y, y)).toThrow(/fn must return one tensor of one element, got \[3\]/);
  });

  it("give zeros where nothing depends, which strict forbids", () => {
    expectClose(jvp((a) => [a, y], y, y)[1][1] as Tensor, y.mul(0));
    expect(() => jvp((a) => [a, y], y, y, { strict: true })).toThrow(/output 1 does not depend/);
    expectClose(vhp((a) => a.sum(), y, y)[1], y.mul(0));
    expect(() => vhp((a) => a.sum(), y, y, { strict: true })).toThrow(
      /derivative of the output does not depend on input 0/,
    );
  });

  it("can be differentiated again with a graph", () => {
    const leaf = y.clone().requiresGrad_();
    const [, column] = jvp((a) => a.pow(3), leaf, y, { createGraph: true });
    expectClose(grad(column.sum(), leaf)[0], y.square().mul(6));
    const [out, row] = vjp((a) => a.pow(3), leaf, y, { createGraph: true });
    expectClose(grad(row.sum(), leaf)[0], y.square().mul(6));
    expectClose(grad(out.sum(), leaf)[0], y.square().mul(3));
    expect(vjp((a) => a.pow(3), leaf, y)[0].requiresGrad).toBe(false);
  });
});
